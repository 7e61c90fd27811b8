// From the chat into the complaint: blanks are filled, nothing is overwritten unasked, nothing is asked twice.
import { describe, expect, it } from 'vitest'
import { differences, fill, fillPending, hasPending, keepForDraft } from '@/lib/prefill'
import { emptyDraft, fitMonths } from '@/lib/draft'
import type { Prefill } from '@/api/chat'

const TODAY = '2026-11-25'
const said = (more: Partial<Prefill> = {}): Prefill => ({ employer: null, place: null, months: [], amount_fen: null, monthly_fen: null, due_by_month: {}, contract: null, age_group: null, worker_kind: null, from_on: null, to_on: null, post: null, contact: null, facts: '', ...more })
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
  it('puts a sum that was said for one month into that month alone', () => {
    const draft = emptyDraft(0)
    fill(draft, said({ months: ['2026-06', '2026-08'], amount_fen: 1_350_000, due_by_month: { '2026-06': 700_000, '2026-08': 650_000 } }), [], false)
    expect(draft.rows.map((row) => [row.month, row.due])).toEqual([['2026-06', '7,000'], ['2026-08', '6,500']])
    expect(draft.request).toBe('请责令单位付清我2026年6月、8月的工资，共 13,500 元。')
  })
  it('leaves a month blank of which no sum was said', () => {
    const draft = emptyDraft(0)
    fill(draft, said({ months: ['2026-06', '2026-07'], due_by_month: { '2026-06': 700_000 } }), [], false)
    expect([draft.rows.map((row) => row.due), draft.request]).toEqual([['7,000', ''], ''])
  })
  it('has chosen in the screening what was said, and asks the days, the job and the boss no second time', () => {
    const draft = emptyDraft(0)
    fill(draft, said({ age_group: '60_plus', worker_kind: 'platform', from_on: '2026-03-06', to_on: '2026-11-05', post: '送餐员', contact: '李站长' }), [], false)
    expect([draft.screening.age_group, draft.screening.worker_kind, draft.has_screened]).toEqual(['60_plus', 'platform', false])
    expect([draft.work.from_on, draft.work.to_on, draft.work.post, draft.employer.contact]).toEqual(['2026-03-06', '2026-11-05', '送餐员', '李站长'])
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
  it('names the sum of each month that was said by itself, and no difference where the form has them', () => {
    const chat = said({ months: ['2026-06', '2026-08'], amount_fen: 1_350_000, due_by_month: { '2026-06': 700_000, '2026-08': 650_000 } })
    expect(differences(begun(), chat)).toEqual([
      { name: '月份和钱', now: '2026年8月 6,000 元', chat: '2026年6月 7,000 元，2026年8月 6,500 元' },
    ])
    const draft = emptyDraft(0)
    fill(draft, chat, [], false)
    expect(differences(draft, chat)).toEqual([])
  })
  it('leaves an answered screening alone until the worker says so', () => {
    const draft = { ...begun(), has_screened: true }
    const chat = said({ age_group: '60_plus' })
    expect(differences(draft, chat)).toEqual([{ name: '年龄', now: '18 到 59 岁', chat: '60 岁以上' }])
    fill(draft, chat, [], false)
    expect(draft.screening.age_group).toBe('18_59')
    fill(draft, chat, [], true)
    expect(draft.screening.age_group).toBe('60_plus')
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
