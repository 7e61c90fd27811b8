// Messages of a case: how they are laid out, and that each written one arrives once and in order.
import { describe, expect, it, vi } from 'vitest'
import { ApiProblem } from '@/api/call'
import { deliver, rowsOf, type Waiting } from '@/packages/case/lib/talk'
import { NetworkFailure } from '@/platform/http'
import type { MessageOut } from '@/api/following'

const message = (id: number, from: 'worker' | 'bureau', who: string, at: string): MessageOut => ({ id, from, who, text: `第${id}句`, at })
const waiting = (key: string): Waiting => ({ key, text: `话${key}`, at: '2026-11-24T02:00:00Z', state: 'sending', reason: '' })
const sent = (it: Waiting) => message(Number(it.key), 'worker', '您', it.at)

describe('rows', () => {
  it('names the day when it changes, today by its word, and an officer when another writes', () => {
    const rows = rowsOf([
      message(1, 'bureau', '区某', '2026-11-10T02:00:00Z'),
      message(2, 'bureau', '区某', '2026-11-10T03:00:00Z'),
      message(3, 'worker', '您', '2026-11-10T04:00:00Z'),
      message(4, 'bureau', '黄某', '2026-11-23T17:00:00Z'),
    ], [waiting('9')], '2026-11-24', '今天')
    expect(rows.map((it) => (it.kind === 'bubble' ? `${it.is_mine ? '我' : '他'}${it.time}${it.waiting ? '待' : ''}` : it.text))).toEqual([
      '11月10日 周二', '区某', '他10:00', '他11:00', '我12:00', '今天', '黄某', '他01:00', '我10:00待',
    ])
  })
  it('is empty without messages', () => expect(rowsOf([], [], '2026-11-24', '今天')).toEqual([]))
  it('gives every row an id of its own', () => {
    const rows = rowsOf([1, 2, 3].map((id) => message(id, 'bureau', '区某', '2026-11-10T02:00:00Z')), [waiting('1')], '2026-11-24', '今天')
    expect(new Set(rows.map((it) => it.id)).size).toBe(rows.length)
  })
})

describe('sending what waits', () => {
  it('empties the list in the order it was written', async () => {
    const list = [waiting('1'), waiting('2')]
    const arrived: number[] = []
    await deliver(list, async (it) => sent(it), (it) => arrived.push(it.id))
    expect([list, arrived]).toEqual([[], [1, 2]])
  })
  it('stops without a network, keeps the rest, and sends the same key again', async () => {
    const list = [waiting('1'), waiting('2')]
    const send = vi.fn().mockRejectedValueOnce(new NetworkFailure('timeout')).mockImplementation(async (it: Waiting) => sent(it))
    await deliver(list, send, () => undefined)
    expect(list.map((it) => [it.key, it.state])).toEqual([['1', 'offline'], ['2', 'sending']])
    await deliver(list, send, () => undefined)
    expect(list).toEqual([])
    expect(send.mock.calls.map(([it]) => it.key)).toEqual(['1', '1', '2'])
  })
  it('shows a refused one with its reason and goes on with the next', async () => {
    const list = [waiting('1'), waiting('2')]
    const refusal = new ApiProblem(422, 'bad_input', '有看不见的特殊字符', [], {})
    await deliver(list, async (it) => (it.key === '1' ? Promise.reject(refusal) : sent(it)), () => undefined)
    expect(list.map((it) => [it.key, it.state, it.reason])).toEqual([['1', 'refused', '有看不见的特殊字符']])
  })
  it('does not send a refused one again', async () => {
    const list: Waiting[] = [{ ...waiting('1'), state: 'refused' }]
    const send = vi.fn()
    await deliver(list, send, () => undefined)
    expect(send).not.toHaveBeenCalled()
  })
  it.each([401, 429, 503])('keeps a message that %i put off', async (status) => {
    const list = [waiting('1')]
    await deliver(list, () => Promise.reject(new ApiProblem(status, 'x', '', [], {})), () => undefined)
    expect(list.map((it) => it.state)).toEqual(['ours'])
  })
})
