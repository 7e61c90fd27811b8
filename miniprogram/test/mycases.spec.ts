// The list in 我的: whose it is, and never "none" before it was asked for.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { forgetFilings, forgetSession, signInByPhone } from '@/lib/session'
import { useMyCases } from '@/lib/mycases'

const CASES = { items: [{ id: 'a', filed_at: '2026-11-01T00:00:00Z' }], next_cursor: null }
const signed = (token: string) => ({ token, expires_at: '2999-01-01T00:00:00Z', worker: { phone_masked: '138****0001', is_phone_verified: true } })

/** Answers of the server by path; a list is answered only when the test lets it. */
function serving(lists: Record<string, () => Promise<unknown>>) {
  vi.stubGlobal('fetch', async (url: string, init: { headers: Record<string, string> }) => {
    const token = String(init.headers.Authorization ?? '').replace('Bearer ', '')
    const body = url.includes('/sign-in/') ? signed('first') : await lists[token]()
    return new Response(JSON.stringify(body), { status: 200 })
  })
}

beforeEach(() => {
  forgetSession()
  forgetFilings()
})

describe('the list', () => {
  it('of a worker who has just signed in is not called empty before it has come', async () => {
    let answer: (it: unknown) => void = () => undefined
    serving({ first: () => new Promise((resolve) => (answer = resolve)) })
    const { state, load } = useMyCases()
    await load() // nobody: nothing to list
    expect(state).toMatchObject({ has_loaded: true, items: [] })
    await signInByPhone('13800000001', '123456')
    const loading = load()
    expect(state.has_loaded).toBe(false)
    answer(CASES)
    await loading
    expect([state.has_loaded, state.items.map((it) => it.id)]).toEqual([true, ['a']])
  })
  it('of the one who left is gone at once, and does not come back late', async () => {
    let answer: (it: unknown) => void = () => undefined
    serving({ first: () => new Promise((resolve) => (answer = resolve)) })
    await signInByPhone('13800000001', '123456')
    const { state, load } = useMyCases()
    const late = load()
    forgetSession()
    await load()
    answer(CASES)
    await late
    expect([state.has_loaded, state.items]).toEqual([true, []])
  })
})
