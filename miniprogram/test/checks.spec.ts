// What each step finds wrong, and that the field names are those of the API.
import { describe, expect, it } from 'vitest'
import { check, firstFaultyStep, stepOf, type Step } from '@/lib/checks'
import { emptyDraft, type Draft } from '@/lib/draft'

const TODAY = '2026-11-23'

function good(): Draft {
  const draft = emptyDraft(0)
  draft.claimant = { name: '陈建国', phone: '138 0000 2671', service_address: '示例路 18 号' }
  draft.employer.name = '示例公司'
  draft.work = { ...draft.work, from_on: '2026-03-01', to_on: '2026-09-30', place: '示例花园' }
  draft.rows = [{ month: '2026-08', due: '6500', paid: '0' }, { month: '2026-09', due: '6500', paid: '0' }]
  draft.request = '请责令付清'
  draft.facts = '没发'
  return draft
}
const found = (step: Step, change: (draft: Draft) => void) => {
  const draft = good()
  change(draft)
  return check(step, draft, TODAY)
}

describe('a filled form', () => {
  it('has no fault on any step', () => expect(firstFaultyStep(good(), TODAY)).toBeNull())
  it('may be without the employer\'s name when that is said', () => {
    expect(found('employer', (it) => { it.employer.name = ''; it.employer.is_name_unknown = true })).toEqual([])
  })
})

describe('faults', () => {
  it.each<[Step, string, (draft: Draft) => void]>([
    ['who', 'claimant.name', (it) => { it.claimant.name = '  ' }],
    ['who', 'claimant.phone', (it) => { it.claimant.phone = '1380000267' }],
    ['who', 'claimant.service_address', (it) => { it.claimant.service_address = '' }],
    ['employer', 'employer.name', (it) => { it.employer.name = '' }],
    ['work', 'work.from_on', (it) => { it.work.from_on = '2026-11-24'; it.work.to_on = '' }],
    ['work', 'work.from_on', (it) => { it.work.from_on = '2026-02-30' }],
    ['work', 'work.to_on', (it) => { it.work.to_on = '2026-02-01' }],
    ['work', 'work.to_on', (it) => { it.work.to_on = '2027-01-01' }],
    ['work', 'work.place', (it) => { it.work.place = '' }],
    ['money', 'claims', (it) => { it.rows = [] }],
    ['money', 'claims.0.due_fen', (it) => { it.rows[0].due = '' }],
    ['money', 'claims.1.paid_fen', (it) => { it.rows[1].paid = '-5' }],
    ['money', 'claims.1.paid_fen', (it) => { it.rows[1].paid = '65000' }],
    ['money', 'claims.1.month', (it) => { it.rows[1].month = '2026-10' }],
    ['money', 'claims.0.month', (it) => { it.rows[0].month = '2026-02' }],
    ['money', 'claims.0.due_fen', (it) => { it.rows.forEach((row) => { row.paid = row.due }) }],
    ['money', 'request', (it) => { it.request = ' ' }],
    ['facts', 'facts', (it) => { it.facts = '' }],
  ])('%s: %s', (step, field, change) => {
    const faults = found(step, change)
    expect(faults.map((it) => it.field)).toEqual([field])
    expect(faults[0].message).not.toBe('')
  })
  it('asks about one zero too many as a question', () => {
    expect(found('money', (it) => { it.rows[1].paid = '65000' })[0].message).toContain('是不是多打了一个 0？')
  })
  it('asks about one zero too many in what a month should bring, until told that it is right', () => {
    const three = (dues: string[], sure: Record<number, string> = {}) => found('money', (it) => {
      it.rows = dues.map((due, index) => ({ month: `2026-0${index + 5}`, due, paid: '0', sure_due: sure[index] }))
    })
    expect(three(['6,500', '6,500', '65,000'])).toEqual([{
      field: 'claims.2.due_fen', message: '该发 65,000，别的月是 6,500。是不是多打了一个 0？', brief: '7月：是不是多打了一个 0？', repair: 'drop_zero',
    }])
    expect(three(['6,500', '6,500', '65,000'], { 2: '65,000' })).toEqual([])
    expect(three(['6,500', '6,500', '66,000'], { 2: '65,000' })).toHaveLength(1) // changed since
    expect(three(['600', '6,500', '6,500'])).toEqual([]) // a first month of a few days
    expect(three(['600', '6,500'])).toEqual([])
    expect(three(['8,000', '9,500', '12,000'])).toEqual([])
  })
  it('asks once where every month has the same zero too many', () => {
    const all = (sure?: string) => found('money', (it) => { it.rows.forEach((row) => { row.due = '65,000'; row.sure_due = sure }) })
    expect(all().map((it) => it.field)).toEqual(['claims.0.due_fen'])
    expect(all('65,000')).toEqual([])
  })
  it('offers to delete a month after leaving', () => {
    expect(found('money', (it) => { it.rows[1].month = '2026-10' })[0]).toMatchObject({ repair: 'delete_month', brief: '10月：您前面填的是干到 2026年9月30日' })
  })
  it('lets someone still working leave the last day empty', () => {
    expect(found('work', (it) => { it.work.to_on = '' })).toEqual([])
  })
})

describe('the server\'s fields', () => {
  it.each([['claims.1.paid_fen', 'money'], ['claimant.phone', 'who'], ['work.to_on', 'work'], ['employer.name', 'employer'], ['facts', 'facts'], ['privacy_version', 'review']])(
    '%s belongs to %s', (field, step) => expect(stepOf(field)).toBe(step))
})
