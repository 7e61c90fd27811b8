// The messages of a case as rows on the screen: days, names and bubbles, with those still waiting at the end.
import { ApiProblem, isPassing } from '@/api/call'
import { atBureau, sayDate } from '@/lib/dates'
import type { MessageOut } from '@/api/following'

/** A message written here that the server has not confirmed; its key makes a second sending the same message. */
export interface Waiting { key: string; text: string; at: string; state: 'sending' | 'offline' | 'ours' | 'refused'; reason: string }

export type TalkRow =
  | { kind: 'day'; id: string; text: string }
  | { kind: 'who'; id: string; text: string }
  | { kind: 'bubble'; id: string; text: string; time: string; is_mine: boolean; waiting: Waiting | null }

/** Rows in the order they are read: a day when it changes, a name when another officer writes. */
export function rowsOf(messages: MessageOut[], waiting: Waiting[], today: string, todayWord: string): TalkRow[] {
  const rows: TalkRow[] = []
  let day = ''
  let who = ''
  const put = (id: string, it: { at: string; text: string; is_mine: boolean; who: string }, unsent: Waiting | null) => {
    const at = atBureau(it.at)
    if (at.on !== day) {
      rows.push({ kind: 'day', id: `day-${at.on}`, text: at.on === today ? todayWord : sayDate(at.on, Number(today.slice(0, 4))) })
      day = at.on
      who = ''
    }
    if (!it.is_mine && it.who !== who) rows.push({ kind: 'who', id: `who-${id}`, text: it.who })
    who = it.is_mine ? '' : it.who
    rows.push({ kind: 'bubble', id, text: it.text, time: at.time, is_mine: it.is_mine, waiting: unsent })
  }
  for (const it of messages) put(`m-${it.id}`, { ...it, is_mine: it.from === 'worker' }, null)
  for (const it of waiting) put(`w-${it.key}`, { ...it, is_mine: true, who: '' }, it)
  return rows
}

/**
 * Sends waiting messages in the order they were written; one that got through leaves the list. Stops at the first that
 * must wait (no network, our fault, signed out), so that the order holds; a refused one stays for the person to see.
 */
export async function deliver(waiting: Waiting[], send: (it: Waiting) => Promise<MessageOut>, tell: (sent: MessageOut) => void): Promise<void> {
  for (const it of waiting.filter((one) => one.state !== 'refused')) {
    it.state = 'sending'
    try {
      const sent = await send(it)
      waiting.splice(waiting.findIndex((one) => one.key === it.key), 1)
      tell(sent)
    } catch (failure) {
      it.state = stateAfter(failure)
      it.reason = failure instanceof ApiProblem ? failure.detail : ''
      if (it.state !== 'refused') return
    }
  }
}

function stateAfter(failure: unknown): Waiting['state'] {
  if (!(failure instanceof ApiProblem)) return isPassing(failure) ? 'offline' : 'ours'
  // Signed out or too many at once cures itself; what the server will not take, only the person can change.
  return isPassing(failure) || [401, 429].includes(failure.status) ? 'ours' : 'refused'
}
