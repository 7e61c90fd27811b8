// Asking for messages: inside the tap, reported once, never in the way of anything else.
import { beforeEach, expect, it, vi } from 'vitest'
import { tappedIn } from '@/platform/subscribe'

const calls: { method: string; path: string; body: unknown }[] = []
let answers: Record<string, unknown> = {}
let token: string | null = null
let tapped: Record<string, string> = {}
let asked: string[][] = []

async function fresh(canSubscribe = true) {
  vi.resetModules()
  vi.doMock('@/api/call', () => ({
    call: async (method: string, path: string, options: { body?: unknown } = {}) => {
      calls.push({ method, path, body: options.body })
      if (answers[path] === undefined) throw new Error('down')
      return answers[path]
    },
  }))
  vi.doMock('@/lib/session', () => ({ workerToken: () => token }))
  vi.doMock('@/platform/subscribe', () => ({
    canSubscribe,
    askSubscribe: (templates: string[]) => {
      asked.push(templates)
      return Promise.resolve(tapped)
    },
  }))
  return import('@/lib/messages')
}

beforeEach(() => {
  calls.length = 0
  asked = []
  token = 'token'
  tapped = { a: 'accept', b: 'reject' }
  answers = { '/consent-templates?moment=filing': { templates: ['a', 'b'] }, '/me/consents': null }
})

it('asks for what the server said, before anything is waited for, and reports it once', async () => {
  const { askForMessages, prepareMessages, reportMessages } = await fresh()
  await prepareMessages('filing')
  await prepareMessages('filing')
  const done = askForMessages('filing')
  expect(asked).toEqual([['a', 'b']])
  await done
  await reportMessages()
  const sent = calls.filter((it) => it.path === '/me/consents')
  expect(sent).toHaveLength(1)
  expect(sent[0]!.body).toMatchObject({ answers: { a: 'accept', b: 'reject' } })
  expect((sent[0]!.body as { key: string }).key).toMatch(/^[0-9a-f]{32}$/)
  expect(calls.filter((it) => it.path.startsWith('/consent-templates'))).toHaveLength(1)
})

it('reports after signing in what was tapped before', async () => {
  const { askForMessages, prepareMessages, reportMessages } = await fresh()
  token = null
  await prepareMessages('filing')
  await askForMessages('filing')
  expect(calls.some((it) => it.path === '/me/consents')).toBe(false)
  token = 'token'
  await reportMessages()
  expect(calls.filter((it) => it.path === '/me/consents')).toHaveLength(1)
})

it('asks nobody where the server has no templates, is down, or was never asked', async () => {
  const { askForMessages, prepareMessages } = await fresh()
  await askForMessages('filing')
  answers = {}
  await prepareMessages('filing')
  await askForMessages('filing')
  answers = { '/consent-templates?moment=filing': { templates: [] } }
  await prepareMessages('filing')
  await askForMessages('filing')
  expect(asked).toEqual([])
})

it('reports nothing when nothing was tapped, and a report that fails stops nothing', async () => {
  const { askForMessages, prepareMessages } = await fresh()
  await prepareMessages('filing')
  tapped = {}
  await askForMessages('filing')
  expect(calls.some((it) => it.path === '/me/consents')).toBe(false)
  tapped = { a: 'accept' }
  delete answers['/me/consents']
  await expect(askForMessages('filing')).resolves.toBeUndefined()
})

it('does nothing on the web', async () => {
  const { askForMessages, prepareMessages } = await fresh(false)
  await prepareMessages('filing')
  await askForMessages('filing')
  expect([calls, asked]).toEqual([[], []])
})

it('takes from WeChat only answers to what was asked', () => {
  const answer = { errMsg: 'requestSubscribeMessage:ok', a: 'accept', b: 'odd', c: 'accept' }
  expect(tappedIn(answer, ['a', 'b'])).toEqual({ a: 'accept' })
})
