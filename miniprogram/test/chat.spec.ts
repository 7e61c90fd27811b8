// The conversation on a bad network: nothing typed is lost, nothing is said twice, and a key that is not ours is replaced.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { turn } from './turns'
import type { Turn } from '@/api/chat'

interface Asked { path: string; body: { key: string; text?: string } | null; headers: Record<string, string> }

const asked: Asked[] = []
let answer: (it: Asked) => Promise<{ status: number; body: unknown }>
const page = (turns: Turn[], has_more = false) => ({ status: 200, body: { turns, has_more, keep_days: 180 } })
const problem = (status: number, code: string) => ({ status, body: { code, detail: `因为${code}` } })
const stored = () => JSON.parse(localStorage.getItem('xh.chat') ?? 'null')

/** The modules afresh, as after the page was closed and opened. */
async function open() {
  vi.resetModules()
  vi.doMock('@/platform/http', async (original) => ({
    ...(await original<typeof import('@/platform/http')>()),
    send: async (request: { path: string; body: string | null; headers: Record<string, string> }) => {
      const it = { path: request.path.replace('/api/v1', ''), body: request.body ? JSON.parse(request.body) : null, headers: request.headers }
      asked.push(it)
      return answer(it)
    },
  }))
  const http = await import('@/platform/http')
  const session = await import('@/lib/session')
  const { useConversation, useKeptChat } = await import('@/lib/chatkept')
  return { ...(await import('@/lib/chat')), kept: useKeptChat(), talk: useConversation(), session, offline: () => Promise.reject(new http.NetworkFailure('offline')) }
}

beforeEach(() => {
  asked.length = 0
  answer = async (it) => page(it.body?.text ? [turn(1, 'asked', { text: it.body.text }), turn(2, 'answer')] : [])
})
afterEach(() => vi.useRealTimers())

describe('asking', () => {
  it('shows the question at once, keeps it until it is answered, and sends a key of 32 digits', async () => {
    const { ask, useChat, kept } = await open()
    let come: () => void = () => undefined
    answer = async () => {
      await new Promise<void>((resolve) => (come = resolve))
      return page([turn(1, 'asked'), turn(2, 'answer')])
    }
    const done = ask('咋整')
    await vi.waitFor(() => expect(stored().unsent).toHaveLength(1))
    expect(kept.unsent[0]).toMatchObject({ text: '咋整', state: 'sending' })
    await vi.waitFor(() => expect(asked).toHaveLength(1))
    come()
    await done
    expect([stored().unsent, useChat().turns.map((it) => it.kind)]).toEqual([[], ['asked', 'answer']])
    expect(asked[0].headers['X-Conversation']).toMatch(/^[0-9a-f]{32}$/)
    expect(asked[0].headers['X-Conversation']).toBe(JSON.parse(localStorage.getItem('xh.chat.key')!))
    expect(asked[0].body?.key).toMatch(/^[0-9a-f]{32}$/)
  })
  it('sends the same key again after the page was closed without a network', async () => {
    const first = await open()
    answer = first.offline
    await first.ask('咋整')
    expect(first.kept.unsent[0].state).toBe('offline')
    const second = await open()
    answer = async () => page([turn(1, 'asked'), turn(2, 'answer')])
    await second.flush()
    expect(asked).toHaveLength(2)
    expect([asked[1].body, asked[1].headers['X-Conversation']]).toEqual([asked[0].body, asked[0].headers['X-Conversation']])
    expect(second.kept.unsent).toEqual([])
  })
  it('says after eight seconds that it is slow; sent again it is answered once', async () => {
    vi.useFakeTimers()
    const { ask, again, kept, useChat } = await open()
    let late: (it: { status: number; body: unknown }) => void = () => undefined
    answer = () => new Promise((resolve) => (late = resolve))
    void ask('咋整')
    await vi.advanceTimersByTimeAsync(7_900)
    expect(kept.unsent[0].state).toBe('sending')
    await vi.advanceTimersByTimeAsync(200)
    expect(kept.unsent[0].state).toBe('slow')
    answer = async () => page([turn(1, 'asked'), turn(2, 'answer')])
    await again(kept.unsent[0])
    late(page([turn(1, 'asked'), turn(2, 'answer')]))
    await vi.advanceTimersByTimeAsync(10)
    expect(asked[0].body?.key).toBe(asked[1].body?.key)
    expect([kept.unsent, useChat().turns.map((it) => it.id)]).toEqual([[], [1, 2]])
  })
  it('keeps the order: the second waits for the first', async () => {
    const { ask, flush, kept, offline } = await open()
    answer = offline
    await ask('一')
    await ask('二')
    expect(asked.map((it) => it.body?.text)).toEqual(['一', '一'])
    answer = async (it) => page([turn(it.body?.text === '一' ? 1 : 2, 'asked')])
    await flush()
    expect(asked.slice(2).map((it) => it.body?.text)).toEqual(['一', '二'])
    expect(kept.unsent).toEqual([])
  })
  it.each([[429, 'ours'], [503, 'ours'], [422, 'refused']])('tells after %i what can be done', async (status, state) => {
    const { ask, kept, drop } = await open()
    answer = async () => problem(status, 'x')
    await ask('咋整')
    expect(kept.unsent[0]).toMatchObject({ state, reason: '因为x' })
    drop(kept.unsent[0].key)
    expect(stored().unsent).toEqual([])
  })
  it('lets the next one go when one is refused', async () => {
    const { ask, kept } = await open()
    answer = async (it) => (it.body?.text === '坏' ? problem(422, 'x') : page([turn(9, 'asked')]))
    await ask('坏')
    await ask('好')
    expect(kept.unsent.map((it) => it.text)).toEqual(['坏'])
  })
})

describe('the key', () => {
  it('is replaced when the server says it is not ours, and what was on the screen goes', async () => {
    const { ask, kept, talk, useChat } = await open()
    await ask('一')
    const old = talk.key
    answer = async (it) => (it.headers['X-Conversation'] === old ? problem(404, 'not_yours') : page([turn(7, 'asked')]))
    await ask('二')
    expect(talk.key).not.toBe(old)
    expect([kept.unsent, useChat().turns.map((it) => it.id)]).toEqual([[], [7]])
  })
  it('goes on without a sign-in that has ended', async () => {
    localStorage.setItem('xh.session', JSON.stringify({ token: 't', expires_at: '2999-01-01T00:00:00Z' }))
    const { ask, kept, session } = await open()
    answer = async (it) => (it.headers.Authorization ? problem(401, 'x') : page([turn(1, 'asked')]))
    await ask('一')
    expect([kept.unsent, session.useSession().session]).toEqual([[], null])
  })
  it('is forgotten with everything said when somebody signs out', async () => {
    const { ask, kept, talk, session, useChat } = await open()
    await ask('一')
    kept.text = '还没发的'
    await session.signOut()
    expect([talk.key, localStorage.getItem('xh.chat.key'), kept.text, useChat().turns, JSON.stringify(stored() ?? {}).includes('还没发')]).toEqual(['', null, '', [], false])
  })
  it('is not asked about before there is one', async () => {
    const { refresh, useChat } = await open()
    await refresh()
    expect([asked, useChat().has_loaded]).toEqual([[], true])
  })
})

it('two open tabs speak in one conversation', async () => {
  const first = await open()
  const second = await open()
  await first.ask('一')
  await second.ask('二')
  expect(second.talk.key).toBe(first.talk.key)
})

describe('history', () => {
  it('is read page by page', async () => {
    const { ask, refresh, readOlder, useChat } = await open()
    await ask('一')
    answer = async (it) => (it.path.includes('before=40') ? page([turn(39, 'asked')]) : page([turn(40, 'asked'), turn(41, 'answer')], true))
    useChat().turns = []
    await refresh()
    expect(useChat().has_more).toBe(true)
    await readOlder()
    expect([useChat().turns.map((it) => it.id), useChat().has_more]).toEqual([[39, 40, 41], false])
    await refresh()
    expect([useChat().turns.map((it) => it.id), useChat().has_more]).toEqual([[39, 40, 41], false])
  })
  it('stays on the screen when it cannot be read, and says why', async () => {
    const { ask, refresh, useChat, offline } = await open()
    await ask('一')
    answer = offline
    await refresh()
    expect([useChat().turns.length, useChat().fault]).toEqual([2, 'offline'])
  })
  it('takes what was rated from the answer', async () => {
    const { ask, rate, useChat, offline } = await open()
    await ask('一')
    answer = async () => ({ status: 200, body: turn(2, 'answer', { feedback: 'wrong' }) })
    expect(await rate(2, 'wrong')).toBe(true)
    expect(useChat().turns[1].feedback).toBe('wrong')
    answer = offline
    expect(await rate(2, 'useful')).toBe(false)
  })
})
