// Filing: what is sent, one key for fifty taps, and every way it can end.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { beginDraft, clearDraft, useDraft } from '@/lib/draft'
import { fileComplaint, toComplaintIn } from '@/lib/filing'
import { resumeWaiting } from '@/lib/resume'
import { forgetFilings, forgetSession, signInByPhone, tokenFor, useSession } from '@/lib/session'
import { checkTip, emptyTip, fileTip, forgetTip, lastTip, toReportIn } from '@/lib/tip'

interface Seen { url: string; headers: Record<string, string>; body: string }
const RECEIPT = { id: 'case1', number: '示例〔2026〕1号', lane: 'complaint', receipt_code: 'A', case_token: 'only-this-case', next: {}, what_next: [], advice: [] }

function answering(...answers: (number | [number, unknown] | 'cut')[]): Seen[] {
  const seen: Seen[] = []
  vi.stubGlobal('fetch', async (url: string, init: { headers: Record<string, string>; body: string }) => {
    seen.push({ url, headers: init.headers, body: init.body })
    const answer = answers[Math.min(seen.length, answers.length) - 1]
    if (answer === 'cut') throw new TypeError('cut')
    const [status, body] = Array.isArray(answer) ? answer : [answer, RECEIPT]
    return new Response(JSON.stringify(body), { status })
  })
  return seen
}

beforeEach(async () => {
  forgetSession()
  forgetFilings()
  forgetTip()
  clearDraft()
  await beginDraft('2026-11')
  const { draft } = useDraft()
  draft.claimant = { name: ' 陈建国 ', phone: '+86 138 0000 2671', service_address: '示例路' }
  draft.employer.name = '示例公司'
  draft.work = { ...draft.work, from_on: '2026-03-01', to_on: '', place: '示例花园' }
  draft.rows = [{ month: '2026-09', due: '6,500.50', paid: '0' }]
  draft.request = '付清'
  draft.facts = '没发'
})

describe('what is sent', () => {
  it('is tidy: integer fen, digits only, null for what is not known', () => {
    expect(toComplaintIn(useDraft().draft)).toMatchObject({
      privacy_version: '2026-11',
      claimant: { name: '陈建国', phone: '13800002671' },
      employer: { name: '示例公司', employer_id: null, address: null, phone: null },
      work: { to_on: null, street: null },
      screening: { is_still_working: true, other_district: null, prior_steps: [], contract: 'unsure' },
      claims: [{ month: '2026-09', due_fen: 650050, paid_fen: 0 }],
    })
  })
})

describe('ending', () => {
  it('in a receipt: remembered with its token, and the draft gone', async () => {
    const seen = answering(201)
    const key = useDraft().draft.key
    expect((await fileComplaint(useDraft().draft)).kind).toBe('filed')
    expect(seen[0]).toMatchObject({ url: '/api/v1/complaints' })
    expect(seen[0].headers).toMatchObject({ 'Idempotency-Key': key, 'X-Client': 'web' })
    expect(useDraft().draft.facts).toBe('')
    expect(localStorage.getItem('xh.draft.complaint')).toBeNull()
    expect(tokenFor('case1')).toBe('only-this-case')
  })
  it('in a cut: everything stays, and the next try has the same key', async () => {
    const seen = answering('cut', 200)
    expect((await fileComplaint(useDraft().draft)).kind).toBe('offline')
    expect(useDraft().draft.facts).toBe('没发')
    expect((await fileComplaint(useDraft().draft)).kind).toBe('filed')
    expect(seen[0].headers['Idempotency-Key']).toBe(seen[1].headers['Idempotency-Key'])
    expect(seen[0].body).toBe(seen[1].body)
  })
  it('in a conflict that keeps the edits', async () => {
    answering([409, { code: 'same_key_other_content', case_id: 'case1', number: '1号' }])
    expect(await fileComplaint(useDraft().draft)).toEqual({ kind: 'conflict', case_id: 'case1', number: '1号' })
    expect(useDraft().draft.facts).toBe('没发')
  })
  it('in field errors of the server', async () => {
    const errors = [{ field: 'claims.0.paid_fen', message: '不对' }]
    answering([422, { code: 'bad_input', detail: '', errors }])
    expect(await fileComplaint(useDraft().draft)).toMatchObject({ kind: 'wrong', errors })
  })
  it('in an expired sign-in, forgetting only the session', async () => {
    answering([200, { token: 't', expires_at: '2099-01-01T00:00:00Z', worker: { phone_masked: '138', is_phone_verified: true } }], [401, { code: 'not_signed_in' }])
    await signInByPhone('13800002671', '123456')
    expect((await fileComplaint(useDraft().draft)).kind).toBe('signed_out')
    expect(useSession().session).toBeNull()
    expect(useDraft().draft.facts).toBe('没发')
  })
  it.each([500, 503, 429, 413])('in our own fault for %i, with a code to read out', async (status) => {
    answering([status, { code: 'x', detail: '' }])
    const ended = await fileComplaint(useDraft().draft)
    expect(ended).toMatchObject({ kind: 'failed' })
    expect(ended.kind === 'failed' && ended.spoken).toMatch(new RegExp(`^E-${status}-[0-9A-Z]{1,4}$`))
    expect(useDraft().draft.facts).toBe('没发')
  })
})

describe('waiting for a network', () => {
  it('goes by itself when the network is back, once', async () => {
    const seen = answering(201)
    useDraft().draft.is_waiting = true
    await Promise.all([resumeWaiting(), resumeWaiting(), resumeWaiting()])
    expect(seen).toHaveLength(1)
    expect(useSession().filings).toHaveLength(1)
  })
  it('waits on while there is none, and stops when the server says no', async () => {
    answering('cut', [422, { code: 'bad_input', errors: [{ field: 'facts', message: 'x' }] }])
    useDraft().draft.is_waiting = true
    await resumeWaiting()
    expect(useDraft().draft.is_waiting).toBe(true)
    await resumeWaiting()
    expect(useDraft().draft.is_waiting).toBe(false)
  })
  it('sends nothing that nobody asked to send', async () => {
    const seen = answering(201)
    await resumeWaiting()
    expect(seen).toHaveLength(0)
  })
})

describe('a tip', () => {
  const tip = () => ({ ...emptyTip(), place: '示例花园', what: '没发工资' })

  it('is anonymous unless chosen otherwise, and then names nobody', () => {
    expect(toReportIn({ ...tip(), name: '陈', phone: '13800002671' }, '1')).toMatchObject({ is_anonymous: true, reporter: null })
  })
  it('is sent without any sign-in and leaves nothing on the phone', async () => {
    answering([200, { token: 't', expires_at: '2099-01-01T00:00:00Z', worker: { phone_masked: '138', is_phone_verified: true } }])
    await signInByPhone('13800002671', '123456')
    const before = { ...localStorage }
    const seen = answering([201, { ...RECEIPT, id: 'tip1', lane: 'report' }])
    expect((await fileTip(tip(), '1')).kind).toBe('filed')
    expect(seen[0].headers.Authorization).toBeUndefined()
    expect(seen[0].headers['X-Client']).toBeUndefined()
    expect({ ...localStorage }).toEqual(before)
    expect(lastTip()?.id).toBe('tip1')
    forgetTip()
    expect(lastTip()).toBeNull()
  })
  it('asks for a telephone only from someone who leaves a name', () => {
    expect(checkTip(tip())).toEqual([])
    expect(checkTip({ ...tip(), who: 'named' }).map((it) => it.field)).toEqual(['reporter.name', 'reporter.phone'])
  })
})
