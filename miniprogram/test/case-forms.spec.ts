// The money form and receipt codes as people type them.
import { describe, expect, it } from 'vitest'
import { groupCode, isWholeCode, missingSigns, tidyCode } from '@/lib/receiptcode'
import { checkPayment, EMPTY_PAYMENT, paymentOf, toFenTotal } from '@/packages/case/lib/paymentform'
import { codeFault, failureWords, tidyTail } from '@/packages/lookup/lookupwords'
import { lookup } from '@/texts/lookup'
import { ApiProblem } from '@/api/call'
import { NetworkFailure } from '@/platform/http'

const OWED = 1_440_000
const form = (more: Partial<typeof EMPTY_PAYMENT>) => ({ ...EMPTY_PAYMENT, ...more })
const fields = (more: Partial<typeof EMPTY_PAYMENT>) => checkPayment(form(more), OWED, '2026-11-24').map((it) => it.field)

describe('saying whether the money came', () => {
  it('asks for what is missing, on its own field', () => {
    expect(fields({})).toEqual(['what'])
    expect(fields({ what: 'part' })).toEqual(['amount_fen'])
    expect(fields({ what: 'part', amount: '六千' })).toEqual(['amount_fen'])
    expect(fields({ what: 'part', amount: '0' })).toEqual(['amount_fen'])
    expect(fields({ what: 'all', on: '2026-11-25' })).toEqual(['paid_on'])
    expect(fields({ what: 'all', on: '2026-02-30' })).toEqual(['paid_on'])
  })
  it('needs nothing more when nothing came', () => expect(fields({ what: 'none', amount: 'x', on: '2027-01-01' })).toEqual([]))
  it('doubts far too much once, and believes it the second time', () => {
    expect(fields({ what: 'part', amount: '144000' })).toEqual(['amount_fen'])
    expect(fields({ what: 'part', amount: '144000', accepted_more: '144000' })).toEqual([])
    expect(fields({ what: 'part', amount: '15000' })).toEqual([])
  })
  it('sends all as what is owed, a part as typed, nothing as nothing', () => {
    expect(paymentOf(form({ what: 'all', on: '2026-11-20' }), OWED, false)).toEqual({ is_paid: true, amount_fen: OWED, paid_on: '2026-11-20', note: null })
    expect(paymentOf(form({ what: 'part', amount: '３，０００', note: ' 现金 ' }), OWED, false)).toEqual({ is_paid: true, amount_fen: 300_000, paid_on: null, note: '现金' })
    expect(paymentOf(form({ what: 'none', amount: '5', on: '2026-11-20' }), OWED, true)).toEqual({ is_paid: false, amount_fen: null, paid_on: null, note: null })
  })
  it('lets a part on a closed case open the case that goes on, and says how much came', () => {
    expect(paymentOf(form({ what: 'part', amount: '3000', note: '现金' }), OWED, true)).toEqual({ is_paid: false, amount_fen: 300_000, paid_on: null, note: '收到一部分：3,000 元。现金' })
    expect(paymentOf(form({ what: 'part', amount: '14400' }), OWED, true)).toMatchObject({ is_paid: true, amount_fen: OWED, note: null })
  })
  it('reads sums larger than a month\'s wage', () => {
    expect(toFenTotal('2,500,000.5')).toBe(250_000_050)
    expect(toFenTotal('100000001')).toBeNull()
    expect(toFenTotal('-1')).toBeNull()
  })
})

describe('receipt codes', () => {
  it.each(['0P4Q-PH4C-WB0Z-0VX4', 'op4q ph4c wboz ovx4', '０Ｐ４Ｑ－ＰＨ４Ｃ－ＷＢ０Ｚ－０ＶＸ４', '0P4Q—PH4C—WB0Z—0VX4'])('reads %s', (typed) => {
    expect(isWholeCode(typed)).toBe(true)
    expect(groupCode(typed)).toBe('0P4Q-PH4C-WB0Z-0VX4')
  })
  it('takes I and L for 1', () => expect(tidyCode('IiLl')).toBe('1111'))
  it('counts what is missing or too much', () => {
    expect(missingSigns('0P4Q')).toBe(12)
    expect(missingSigns('0P4QPH4CWB0Z0VX4A')).toBe(-1)
    expect([codeFault(' '), codeFault('0P4Q'), codeFault('0P4QPH4CWB0Z0VX4A'), codeFault('0P4QPH4CWB0Z0VX4')]).toEqual([lookup.noCode, lookup.codeShort(12), lookup.codeLong(1), ''])
  })
  it('reads full-width tails', () => expect(tidyTail('２６７１')).toBe('2671'))
  it('has words for every way a look-up fails', () => {
    const answer = (status: number) => failureWords(new ApiProblem(status, 'x', '', [], {})).title
    expect([answer(404), answer(429), answer(503)]).toEqual([lookup.notFoundTitle, lookup.tooManyTitle, lookup.oursTitle])
    expect(failureWords(new NetworkFailure('offline')).title).toBe(lookup.offlineTitle)
  })
})
