// 清掉这台手机上的对话, and signing in: what a borrowed phone keeps, and whose the conversation is.
import { beforeEach, expect, it, vi } from 'vitest'
import { turn } from './turns'

interface Asked { method: string; path: string; headers: Record<string, string> }

const asked: Asked[] = []
let answer: (it: Asked) => Promise<{ status: number; body: unknown }>
const page = async () => ({ status: 200, body: { turns: [turn(1, 'asked', { text: '欠我三个月' }), turn(2, 'answer')], has_more: false, keep_days: 180 } })
const gone = async () => ({ status: 204, body: null })
const usual = (it: Asked) => (it.method === 'DELETE' ? gone() : page())
const renewed = () => asked.filter((it) => it.method === 'DELETE' && it.path === '/conversation/key').map((it) => it.headers['X-Conversation'])
const onPhone = () => JSON.stringify({ ...localStorage })

/** The modules afresh, as after the page was closed and opened. */
async function open() {
  vi.resetModules()
  vi.doMock('@/platform/http', async (original) => ({
    ...(await original<typeof import('@/platform/http')>()),
    send: async (request: { method: string; path: string; headers: Record<string, string> }) => {
      const it = { method: request.method, path: request.path.replace('/api/v1', ''), headers: request.headers }
      asked.push(it)
      return answer(it)
    },
  }))
  const http = await import('@/platform/http')
  const { useConversation, useKeptChat, retiredKeys } = await import('@/lib/chatkept')
  return { ...(await import('@/lib/chat')), ...(await import('@/lib/session')), talk: useConversation(), kept: useKeptChat(), retiredKeys, offline: () => Promise.reject(new http.NetworkFailure('offline')) }
}

beforeEach(() => {
  asked.length = 0
  answer = usual
})

it('is gone from the phone at once, and its key opens nothing any more', async () => {
  const { ask, wipeTalk, useChat, talk, kept } = await open()
  await ask('欠我三个月')
  kept.text = '还没发的'
  const key = talk.key
  await wipeTalk()
  expect([renewed(), useChat().turns, talk.key, kept.text, kept.unsent]).toEqual([[key], [], '', '', []])
  expect(onPhone()).not.toMatch(new RegExp(`${key}|三个月|还没发`))
  await ask('另一件')
  expect(asked[asked.length - 1].headers['X-Conversation']).not.toBe(key)
})
it('without a network nothing is shown, and the key is made worthless later', async () => {
  const first = await open()
  await first.ask('欠我三个月')
  const key = first.talk.key
  answer = first.offline
  await first.wipeTalk()
  expect([first.useChat().turns, first.talk.key, first.retiredKeys()]).toEqual([[], '', [key]])
  answer = usual
  asked.length = 0
  const second = await open()
  await second.loadChat()
  expect([second.useChat().turns, renewed(), second.retiredKeys()]).toEqual([[], [key], []])
  expect(onPhone()).not.toContain(key)
})
it.each([
  [503, 1],
  [404, 0],
  [422, 0],
])('after an answer %i %i keys wait', async (status, waiting) => {
  const { ask, wipeTalk, retiredKeys } = await open()
  await ask('欠我三个月')
  answer = async () => ({ status, body: { code: 'x', detail: 'x' } })
  await wipeTalk()
  expect(retiredKeys()).toHaveLength(waiting)
})
it('goes on without a sign-in that has ended', async () => {
  const { ask, wipeTalk, retiredKeys, useSession } = await open()
  await ask('欠我三个月')
  localStorage.setItem('xh.session', JSON.stringify({ token: 't', expires_at: '2999-01-01T00:00:00Z' }))
  answer = async (it) => (it.headers.Authorization ? { status: 401, body: { code: 'x', detail: 'x' } } : usual(it))
  await wipeTalk()
  expect([retiredKeys(), useSession().session, renewed().length]).toEqual([[], null, 2])
})

const signedIn = { token: 'mine', expires_at: '2999-01-01T00:00:00Z', worker: { phone_masked: null, is_phone_verified: true } }

it('signing in takes along what was asked here before', async () => {
  const { ask, signInByPhone, talk } = await open()
  await ask('转人工')
  asked.length = 0
  answer = async (it) => (it.path === '/sign-in/phone' ? { status: 200, body: signedIn } : usual(it))
  await signInByPhone('13800138000', '123456')
  expect(asked.map((it) => [it.method, it.path])).toEqual([['POST', '/sign-in/phone'], ['GET', '/conversation']])
  expect(asked[1].headers).toMatchObject({ Authorization: 'Bearer mine', 'X-Conversation': talk.key })
})
it('signing in goes well when that does not get through, and asks nothing where nothing was said', async () => {
  const { ask, signInByPhone, workerToken, offline } = await open()
  answer = async (it) => (it.path === '/sign-in/phone' ? { status: 200, body: signedIn } : offline())
  await signInByPhone('13800138000', '123456')
  expect(asked.map((it) => it.path)).toEqual(['/sign-in/phone'])
  await ask('咋整').catch(() => undefined)
  await signInByPhone('13800138000', '123456')
  await vi.waitFor(() => expect(asked[asked.length - 1].path).toBe('/conversation'))
  expect(workerToken()).toBe('mine')
})
