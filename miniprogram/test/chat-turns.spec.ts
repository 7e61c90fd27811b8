// A conversation as rows: order, days, what is offered once, and how an answer is laid out.
import { describe, expect, it } from 'vitest'
import { buttonsOf, isFresh, linesOf, merge, plateOf, rowsOf, sayMonth, waitsForStaff } from '@/lib/chatturns'
import { turn } from './turns'
import type { Entry, Turn, Waiting } from '@/api/chat'

const waiting = (state: Waiting['state']): Waiting => ({ state, due_at: '2026-11-26T09:30:00Z', due_words: '', hours_words: '', is_overdue: false, is_crisis: false })
const entry = (actions: Partial<Entry['actions'][number]>[]): Entry => ({
  id: 'a.b', revision: 'r', question: '问', short: '短', answer: '长', citations: [], reviewed_on: '2026-11-25',
  actions: actions.map((it) => ({ kind: '', label: '', ...it })),
})

describe('turns', () => {
  it('are merged in their order, the newer copy of each', () => {
    const fresh = turn(2, 'answer', { feedback: 'useful' })
    expect(merge([turn(3, 'asked'), turn(2, 'answer')], [turn(1, 'asked'), fresh]).map((it) => [it.id, it.feedback])).toEqual([[1, null], [2, 'useful'], [3, null]])
  })
  it('name the day where it changes, but not today at the very beginning', () => {
    const days = (turns: Turn[]) => rowsOf(turns, '2026-11-24', '今天').map((it) => it.day)
    expect(days([turn(1, 'asked'), turn(2, 'answer')])).toEqual(['', ''])
    expect(days([turn(1, 'asked', { at: '2026-11-22T02:00:00Z' }), turn(2, 'answer', { at: '2026-11-23T17:00:00Z' })])).toEqual(['11月22日 周日', '今天'])
  })
  it('offer a person once, after the last words only', () => {
    const rows = rowsOf([turn(1, 'asked'), turn(2, 'suggest', { offers_human: true }), turn(3, 'asked'), turn(4, 'handoff', { offers_human: true }), turn(5, 'note', { offers_human: true })], '2026-11-24', '今天')
    expect(rows.map((it) => it.is_offer)).toEqual([false, false, false, false, true])
    expect(rows.map((it) => it.is_last)).toEqual([false, false, true, true, true])
    expect(rowsOf([turn(1, 'suggest', { offers_human: true }), turn(2, 'asked')], '', '').some((it) => it.is_offer)).toBe(false)
  })
  it('count the last hand-over', () => {
    const rows = rowsOf([turn(1, 'escalated', { waiting: waiting('waiting') }), turn(2, 'asked'), turn(3, 'escalated', { waiting: waiting('waiting') })], '', '')
    expect(rows.map((it) => it.is_handed)).toEqual([false, false, true])
  })
  it('wait for staff until the last hand-over is answered', () => {
    expect(waitsForStaff([])).toBe(false)
    expect(waitsForStaff([turn(1, 'escalated', { waiting: waiting('taken') }), turn(2, 'asked')])).toBe(true)
    expect(waitsForStaff([turn(1, 'escalated', { waiting: waiting('answered') }), turn(2, 'reply', { waiting: waiting('answered') })])).toBe(false)
  })
  it('are fresh before anything was said and after beginning anew', () => {
    expect([isFresh([]), isFresh([turn(1, 'asked')]), isFresh([turn(1, 'asked'), turn(2, 'restarted')])]).toEqual([true, false, true])
  })
})

describe('an answer', () => {
  it('shows no button that leads nowhere yet', () => {
    const { doing, near } = buttonsOf(entry([{ kind: 'calculator' }, { kind: 'call', phone: '12333' }, { kind: 'book_lecture' }, { kind: 'open_entry', entry: 'x' }, { kind: 'human' }]), '')
    expect(doing.map((it) => it.kind)).toEqual(['call', 'book_lecture', 'human'])
    expect(near.map((it) => it.entry)).toEqual(['x'])
  })
  it('offers to fill the complaint first, and only once', () => {
    const { doing } = buttonsOf(entry([{ kind: 'call' }, { kind: 'file_complaint', label: '投诉欠薪' }]), '现在帮您填投诉')
    expect(doing.map((it) => it.label || it.kind)).toEqual(['现在帮您填投诉', 'call'])
  })
  it('hangs steps on their numbers and sets heads apart', () => {
    expect(linesOf('先说一句。\n\n现在做：\n1. 留证据\n2、去投诉\n2年内来')).toEqual([
      { number: '', text: '先说一句。', is_head: false, is_apart: false },
      { number: '', text: '现在做：', is_head: true, is_apart: true },
      { number: '1.', text: '留证据', is_head: false, is_apart: false },
      { number: '2.', text: '去投诉', is_head: false, is_apart: false },
      { number: '', text: '2年内来', is_head: false, is_apart: false },
    ])
  })
  it('says the month in which it was checked', () => expect(sayMonth('2026-11-05')).toBe('2026年11月'))
})

it('a question that waits has the day of its answer on the plate and the hour beside it', () => {
  expect(plateOf(waiting('waiting'), (time) => `最晚 ${time} 前回您`, '话')).toMatchObject({ due_on: '2026-11-26', title: '最晚 17:30 前回您', sentence: '话', is_passed: false })
})
