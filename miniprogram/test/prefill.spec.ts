// From the chat into the complaint: blanks are filled, nothing is overwritten unasked, nothing is asked twice.
import { describe, expect, it } from 'vitest'
import { differences, fill, fillPending, hasPending, keepForDraft } from '@/lib/prefill'
import { emptyDraft, fitMonths } from '@/lib/draft'
import type { Prefill } from '@/api/chat'

const TODAY = '2026-11-25'
const said = (more: Partial<Prefill> = {}): Prefill => ({ employer: null, place: null, months: [], amount_fen: null, monthly_fen: null, contract: null, facts: '', ...more })
const all = said({ employer: '示例装修公司', place: '外海街道示例花园', months: ['2026-09', '2026-07', '2026-08'], monthly_fen: 650_000, contract: 'none', facts: '老板欠我三个月工资' })

describe('a new complaint', () => {
  it('begins with everything that was said', () => {
    const draft = emptyDraft(0)
    fill(draft, all, ['礼乐街道', '外海街道'], false)
    expect(draft.employer.name).toBe('示例装修公司')
    expect([draft.work.place, draft.work.street, draft.work.contract]).toEqual(['外海街道示例花园', '外海街道', 'none'])
    expect(draft.rows).toEqual(['2026-07', '2026-08', '2026-09'].map((month) => ({ month, due: '6,500', paid: '0' })))
    expect(draft.request).toBe('请责令单位付清我2026年7月至9月的工资，共 19,500 元。')
    expect(draft.facts).toBe('老板欠我三个月工资')
  })
  it('keeps the months that were said when the dates are typed', () => {
    const draft = emptyDraft(0)
    fill(draft, said({ months: ['2026-07'] }), [], false)
    draft.work.from_on = '2026-03-01'
    fitMonths(draft, TODAY)
    expect(draft.rows.map((row) => row.month)).toEqual(['2026-07'])
  })
  it('puts the wage that was said into the months of the dates', () => {
    const draft = emptyDraft(0)
    fill(draft, said({ monthly_fen: 600_000 }), [], false)
    draft.work.from_on = '2026-10-01'
    fitMonths(draft, TODAY)
    expect(draft.rows).toEqual([{ month: '2026-10', due: '6,000', paid: '0' }])
    draft.work.from_on = '2026-09-01'
    fitMonths(draft, TODAY)
    expect(draft.rows.map((row) => row.month)).toEqual(['2026-09', '2026-10'])
    expect(draft.request).toContain('12,000')
  })
  it('takes what is owed for the one month that was named, and divides nothing', () => {
    const one = emptyDraft(0)
    fill(one, said({ months: ['2026-07'], amount_fen: 500_000 }), [], false)
    expect(one.rows[0].due).toBe('5,000')
    const three = emptyDraft(0)
    fill(three, said({ months: ['2026-07', '2026-08'], amount_fen: 500_000 }), [], false)
    expect(three.rows.map((row) => row.due)).toEqual(['', ''])
  })
  it('waits for the notice, once', () => {
    keepForDraft(all)
    expect(hasPending()).toBe(true)
    const draft = emptyDraft(0)
    fillPending(draft, [])
    fillPending(draft, [])
    expect([draft.employer.name, hasPending()]).toEqual(['示例装修公司', false])
  })
})

describe('a complaint half written', () => {
  const begun = () => {
    const draft = emptyDraft(0)
    draft.employer.name = '别的公司'
    draft.facts = '老板欠我三个月工资'
    draft.rows = [{ month: '2026-08', due: '6000', paid: '500' }]
    return draft
  }
  it('names what differs and only that', () => {
    expect(differences(begun(), all)).toEqual([
      { name: '单位', now: '别的公司', chat: '示例装修公司' },
      { name: '月份和钱', now: '2026年8月，一个月 6,000 元', chat: '2026年7月至9月，一个月 6,500 元' },
    ])
  })
  it('sees no difference in how a sum is written', () => {
    const draft = begun()
    draft.rows = [{ month: '2026-08', due: '6500', paid: '0' }]
    expect(differences(draft, said({ months: ['2026-08'], monthly_fen: 650_000 }))).toEqual([])
  })
  it('keeps what is written and fills the rest', () => {
    const draft = begun()
    fill(draft, all, [], false)
    expect([draft.employer.name, draft.work.contract, draft.rows.length]).toEqual(['别的公司', 'none', 1])
  })
  it('takes the chat where the worker says so, but keeps what was paid', () => {
    const draft = begun()
    fill(draft, all, [], true)
    expect(draft.employer.name).toBe('示例装修公司')
    expect(draft.rows.map((row) => [row.month, row.due, row.paid])).toEqual([['2026-07', '6,500', '0'], ['2026-08', '6,500', '500'], ['2026-09', '6,500', '0']])
  })
  it('leaves a request alone that the worker wrote', () => {
    const draft = { ...begun(), request: '我写的', is_request_own: true }
    fill(draft, all, [], true)
    expect(draft.request).toBe('我写的')
  })
})
