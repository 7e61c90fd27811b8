// What a case page works out: its one button, money, days to book, files, and the words for a failure.
import { describe, expect, it } from 'vitest'
import { ApiProblem } from '@/api/call'
import { sayMoment } from '@/lib/dates'
import { daysOf, filesUnderWay, owedInAll, primaryOf, stillOwed, timelineOf } from '@/lib/caseview'
import { faultOf } from '@/lib/usesend'
import { NetworkFailure } from '@/platform/http'
import type { EvidenceItem } from '@/lib/evidence'
import type { EvidenceOut } from '@/api/types'

const quiet = { actions: ['message'], state: 'submitted', appointment: null, withdrawal: null, correction: null }
const booked = { id: 1, on_date: '2026-11-25', period: 'am' as const, how: 'visit' as const }

describe('the one filled button', () => {
  it('asks about the money once money should have come', () => {
    for (const state of ['ordered', 'decided', 'enforcing', 'closed']) expect(primaryOf({ ...quiet, state, actions: ['say_paid'] })).toBe('say_paid')
    expect(primaryOf({ ...quiet, state: 'investigating', actions: ['say_paid'] })).toBeNull()
  })
  it('is not offered when the server does not allow it', () => expect(primaryOf({ ...quiet, state: 'closed' })).toBeNull())
  it('asks for a confirmation until one is booked', () => {
    expect(primaryOf({ ...quiet, actions: ['appointment', 'say_paid'] })).toBe('appointment')
    expect(primaryOf({ ...quiet, actions: ['appointment'], appointment: booked })).toBeNull()
  })
  it('gives way to a card that asks already', () => {
    const withdrawal = { asked_at: '', takes_effect_at: '' }
    expect(primaryOf({ ...quiet, actions: ['appointment'], withdrawal })).toBeNull()
    expect(primaryOf({ ...quiet, actions: ['appointment'], correction: { asked_at: '', items: [] } })).toBeNull()
  })
})

describe('money still owed', () => {
  it('takes off what was paid and what came later, and never goes below nothing', () => {
    const line = { month: '2026-07', due_fen: 650_000, paid_fen: 100_000, received_fen: 50_000 }
    expect(stillOwed(line)).toBe(500_000)
    expect(stillOwed({ ...line, received_fen: 900_000 })).toBe(0)
    expect(owedInAll({ claims: [line, { ...line, received_fen: 900_000 }] })).toBe(500_000)
    expect(owedInAll({ claims: [] })).toBe(0)
  })
})

describe('what is read', () => {
  it('puts a moment on the bureau\'s day, with the year when it is another', () => {
    expect(sayMoment('2026-11-24T16:30:00Z', 2026)).toBe('11月25日 周三 00:30')
    expect(sayMoment('2027-01-04T01:05:00Z', 2026)).toBe('2027年1月4日 周一 09:05')
  })
  it('names the officer of a step, and not the person reading', () => {
    const entry = { at: '2026-11-18T02:00:00Z', title: '责令单位限期支付', text: '', kind: 'now' as const, law: null, document: { id: 7, title: '限期整改指令书' } }
    const [theirs, own] = timelineOf([{ ...entry, who: '黄某' }, { ...entry, who: '您', kind: 'done', document: null }], (name) => `经办：${name}`)
    expect(theirs).toMatchObject({ who: '经办：黄某', text: null, document: { id: '7', title: '限期整改指令书' }, kind: 'now' })
    expect(own).toMatchObject({ who: null, document: null, kind: 'done' })
  })
  it('groups half days by day in order, whatever order they came in', () => {
    const slot = (on_date: string, period: 'am' | 'pm', left: number) => ({ on_date, period, left })
    const days = daysOf([slot('2026-11-26', 'pm', 0), slot('2026-11-25', 'pm', 2), slot('2026-11-26', 'am', 4)])
    expect(days.map((it) => [it.on, it.am?.left ?? null, it.pm?.left ?? null])).toEqual([['2026-11-25', null, 2], ['2026-11-26', 4, 0]])
  })
})

describe('files under way', () => {
  const at = '2026-11-24T02:00:00Z'
  const item = (key: string, state: EvidenceItem['state'], received_at = '') => ({ key, state, received_at, size: 9, case_id: 'a' }) as EvidenceItem
  const sealed = { sha256: 'without the place', size: 9, received_at: at, status: 'sealed' } as EvidenceOut
  it('leaves a received file to the bureau\'s own list once it is there', () => {
    const files = [item('one', 'received', at), item('two', 'received', '2026-11-24T02:00:01Z'), item('three', 'failed'), { ...item('four', 'queued'), case_id: 'b' }]
    expect(filesUnderWay('a', files, [sealed]).map((it) => it.key)).toEqual(['two', 'three'])
  })
  it('goes on showing a file of the same size until it is through', () => {
    expect(filesUnderWay('a', [item('again', 'uploading', at)], [sealed])).toHaveLength(1)
  })
})

describe('a sending that failed', () => {
  const problem = (status: number, code: string) => new ApiProblem(status, code, '已经办结', [{ field: 'text', message: '太长' }], {})
  it('says whose fault it is', () => {
    expect(faultOf(new NetworkFailure('offline'), 0).kind).toBe('offline')
    expect(faultOf(new NetworkFailure('timeout'), 0).kind).toBe('offline')
    expect(faultOf(problem(401, 'not_signed_in'), 0).kind).toBe('signed_out')
    expect(faultOf(problem(409, 'closed'), 0)).toMatchObject({ kind: 'refused', text: '已经办结', problem: 'closed', code: '' })
    expect(faultOf(problem(422, 'bad_input'), 0).fields).toEqual([{ field: 'text', message: '太长' }])
    expect(faultOf(problem(429, 'too_many'), 0).kind).toBe('refused')
  })
  it('gives a code to read out when it is ours', () => {
    expect(faultOf(problem(503, 'busy'), 60_000)).toMatchObject({ kind: 'ours', text: '已经办结' })
    expect(faultOf(problem(503, 'busy'), 60_000).code).toMatch(/^E-503-/)
    expect(faultOf(new TypeError('x'), 60_000)).toMatchObject({ kind: 'ours' })
  })
})
