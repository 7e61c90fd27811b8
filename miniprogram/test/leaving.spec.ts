// Signing out: what stays is named and asked about, and a phone of somebody else's keeps nothing.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { beginDraft, clearDraft, useDraft } from '@/lib/draft'
import { addEvidence, clearEvidence, useEvidence } from '@/lib/evidence'
import { leavePhone, whatStays } from '@/lib/leaving'
import { forgetFilings, forgetSession, rememberFiling, signInByPhone, tokenFor, useSession, workerToken } from '@/lib/session'
import type { ReceiptOut } from '@/api/types'

const FILED = { id: 'case1', number: '示例〔2026〕1号', lane: 'complaint', receipt_code: 'AAAA', case_token: 'only-this-case' } as ReceiptOut
const SIGNED = { token: 'worker', expires_at: '2999-01-01T00:00:00Z', worker: { phone_masked: '138****0001', is_phone_verified: true } }

beforeEach(async () => {
  vi.stubGlobal('fetch', async (_url: string, init: { method: string }) =>
    init.method === 'DELETE' ? new Response(null, { status: 204 }) : new Response(JSON.stringify(SIGNED), { status: 200 }))
  forgetSession()
  forgetFilings()
  clearDraft()
  await clearEvidence(null)
  await signInByPhone('13800000001', '123456')
})

describe('signing out', () => {
  it('has nothing to ask where nothing stays', async () => {
    expect(whatStays()).toBeNull()
    await leavePhone(true)
    expect(workerToken()).toBeNull()
  })
  it('names the receipts and the complaint that is not sent yet', async () => {
    rememberFiling(FILED)
    await beginDraft('2026-11')
    useDraft().draft.facts = '没发'
    expect(whatStays()).toEqual({ receipts: 1, has_draft: true, files: 0 })
  })
  it('on one\'s own phone keeps the way to a case filed without a telephone', async () => {
    rememberFiling(FILED)
    await leavePhone(true)
    expect([workerToken(), tokenFor('case1'), useSession().filings.length]).toEqual([null, 'only-this-case', 1])
  })
  it('on somebody else\'s phone leaves no receipt, code, token, draft or file behind', async () => {
    rememberFiling(FILED)
    await beginDraft('2026-11')
    useDraft().draft.facts = '没发'
    const file = new File([new Uint8Array(3)], 'a.jpg', { type: 'image/jpeg' })
    await addEvidence([{ name: 'a.jpg', size: 3, mime: 'image/jpeg', blob: file } as never], { case_id: null, is_memory_only: false })
    expect(whatStays()).toEqual({ receipts: 1, has_draft: true, files: 1 })
    await leavePhone(false)
    expect([whatStays(), tokenFor('case1'), useSession().filings, useEvidence().items]).toEqual([null, null, [], []])
    expect(JSON.stringify({ ...localStorage })).not.toMatch(/AAAA|only-this-case|没发|worker/)
  })
  it('does all this even where the network is gone', async () => {
    rememberFiling(FILED)
    vi.stubGlobal('fetch', async () => { throw new TypeError('cut') })
    await expect(leavePhone(false)).rejects.toThrow()
    expect([workerToken(), tokenFor('case1')]).toEqual([null, null])
  })
})
