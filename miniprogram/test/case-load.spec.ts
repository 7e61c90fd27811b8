// Opening a case: fresh, from the last copy, after the sign-in ended, and when answers overtake each other.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiProblem } from '@/api/call'
import { readCase, type CaseOut } from '@/api/following'
import { lastSeen } from '@/lib/lastseen'
import { forgetFilings, forgetSession, rememberFiling, signInByPhone, signOut, tokenFor } from '@/lib/session'
import { useTyped } from '@/lib/typed'
import { NetworkFailure, send } from '@/platform/http'
import { useCase } from '@/packages/case/lib/usecase'
import type { ReceiptOut } from '@/api/types'

vi.mock('@/api/following', () => ({ readCase: vi.fn() }))
vi.mock('@/platform/http', async (original) => ({ ...(await original<object>()), send: vi.fn() }))

const item = (headline: string) => ({ id: 'a', headline, evidence: [] }) as unknown as CaseOut
const unauthorised = () => new ApiProblem(401, 'not_signed_in', '', [], {})
const filing = { id: 'a', number: '1', lane: 'complaint', case_token: 'case' } as ReceiptOut

async function signIn() {
  vi.mocked(send).mockResolvedValue({ status: 200, body: { token: 'worker', expires_at: '2999-01-01T00:00:00Z', worker: { phone_masked: null, is_phone_verified: true } } })
  await signInByPhone('13800138000', '123456')
}

beforeEach(() => {
  vi.mocked(readCase).mockReset()
  forgetSession()
  forgetFilings()
})

describe('a case', () => {
  it('asks to sign in without calling when there is no token', async () => {
    const { state, load } = useCase()
    await load('a')
    expect([state.fault, vi.mocked(readCase).mock.calls.length]).toEqual(['signed_out', 0])
  })
  it('is kept for a time without network, only while signed in', async () => {
    await signIn()
    vi.mocked(readCase).mockResolvedValueOnce(item('正在查')).mockRejectedValue(new NetworkFailure('offline'))
    await useCase().load('a')
    const later = useCase()
    await later.load('a')
    expect(later.state).toMatchObject({ fault: 'offline', item: { headline: '正在查' } })
    expect(later.state.seen_at).not.toBe('')
    await signOut()
    expect(lastSeen('a')).toBeNull()
    await later.load('a')
    expect(later.state).toMatchObject({ fault: 'signed_out', item: null })
  })
  it('opened by its own token alone leaves no copy', async () => {
    rememberFiling(filing)
    vi.mocked(readCase).mockResolvedValue(item('正在看'))
    const { state, load } = useCase()
    await load('a')
    expect([state.item?.headline, lastSeen('a')]).toEqual(['正在看', null])
  })
  it('says when it was seen once the network goes while it is open', async () => {
    await signIn()
    vi.mocked(readCase).mockResolvedValueOnce(item('正在查')).mockRejectedValue(new NetworkFailure('timeout'))
    const { state, load } = useCase()
    await load('a')
    expect(state.seen_at).toBe('')
    await load()
    expect([state.item?.headline, state.seen_at !== '']).toEqual(['正在查', true])
  })
  it('is opened by the worker\'s token when its own has ended', async () => {
    await signIn()
    rememberFiling(filing)
    vi.mocked(readCase).mockImplementation(async (_id, token) => (token === 'worker' ? item('正在查') : Promise.reject(unauthorised())))
    const { state, load } = useCase()
    await load('a')
    await vi.waitFor(() => expect(state.item?.headline).toBe('正在查'))
    expect(tokenFor('a')).toBe('worker')
  })
  it('shows the sign-in when the last token has ended, and keeps what was typed', async () => {
    await signIn()
    useTyped('a', 'supplement', { text: '' }).typed.text = '写了一半'
    vi.mocked(readCase).mockRejectedValue(unauthorised())
    const { state, load } = useCase()
    await load('a')
    expect(state).toMatchObject({ fault: 'signed_out', item: null })
    expect(useTyped('a', 'supplement', { text: '' }).typed.text).toBe('写了一半')
  })
  it('is gone for everybody else, and our fault is called ours', async () => {
    await signIn()
    const { state, load } = useCase()
    vi.mocked(readCase).mockRejectedValueOnce(new ApiProblem(404, 'not_found', '', [], {}))
    await load('a')
    expect(state.fault).toBe('gone')
    vi.mocked(readCase).mockRejectedValueOnce(new ApiProblem(500, 'server', '', [], {}))
    await load('a')
    expect([state.fault, state.code.startsWith('E-500-')]).toEqual(['broken', true])
  })
  it('is not overwritten by an older answer', async () => {
    await signIn()
    let answerFirst: (it: CaseOut) => void = () => undefined
    vi.mocked(readCase).mockImplementationOnce(() => new Promise((resolve) => (answerFirst = resolve))).mockResolvedValueOnce(item('新的'))
    const { state, load } = useCase()
    const first = load('a')
    await load('a')
    answerFirst(item('旧的'))
    await first
    expect(state.item?.headline).toBe('新的')
  })
})
