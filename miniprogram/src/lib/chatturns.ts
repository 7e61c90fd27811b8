// A conversation as rows on the screen, and what can be told from its turns; nothing here asks the server.
import { atBureau, sayDate } from './dates'
import type { Entry, EntryAction, Turn, Waiting } from '@/api/chat'
import type { DateOut } from '@/api/types'

export interface Row {
  /** The day, where it changes. */
  day: string
  turn: Turn
  /** Answers the person's last words. */
  is_last: boolean
  /** The hand-over that counts; earlier ones are only named. */
  is_handed: boolean
  /** Where a person is offered: once, after the last words. */
  is_offer: boolean
}

/** A line of an answer: numbered steps hang on their number, a line that ends in a colon heads what follows. */
export interface Line { number: string; text: string; is_head: boolean; is_apart: boolean }

/** Turns of both lists in their order, the newer copy of each. */
export function merge(old: Turn[], fresh: Turn[]): Turn[] {
  const all = new Map([...old, ...fresh].map((it) => [it.id, it]))
  return [...all.values()].sort((a, b) => a.id - b.id)
}

/** Turns in the order they are read. */
export function rowsOf(turns: Turn[], today: string, todayWord: string): Row[] {
  let day = ''
  const lastOf = (is: (it: Turn) => boolean) => turns.map(is).lastIndexOf(true)
  const lastSaid = lastOf((it) => it.author === 'person')
  const lastHanded = lastOf((it) => it.kind === 'escalated')
  const lastOffer = lastOf((it) => it.offers_human)
  return turns.map((turn, index) => {
    const { on } = atBureau(turn.at)
    const isNew = on !== day
    day = on
    const name = on === today ? todayWord : sayDate(on, Number(today.slice(0, 4)))
    return { day: isNew && !(index === 0 && on === today) ? name : '', turn, is_last: index >= lastSaid, is_handed: index === lastHanded, is_offer: index === lastOffer && index >= lastSaid }
  })
}

/** Whether a person of the bureau still owes an answer. */
export function waitsForStaff(turns: Turn[]): boolean {
  const handed = turns.filter((it) => it.waiting)
  return handed.length > 0 && handed[handed.length - 1].waiting?.state !== 'answered'
}

/** Nothing was said yet, or it was begun anew: the most asked questions help. */
export function isFresh(turns: Turn[]): boolean {
  return turns.length === 0 || turns[turns.length - 1].kind === 'restarted'
}

/** Calculators have no page here yet: a button to nothing is worse than none. */
const KNOWN = ['file_complaint', 'file_report', 'track_case', 'book_lecture', 'order_lecture', 'call', 'human']

/** The buttons of an answer that lead somewhere today, the offer to fill the complaint first, and answers near it. */
export function buttonsOf(entry: Entry, offer: string): { doing: EntryAction[]; near: EntryAction[] } {
  const known = entry.actions.filter((it) => KNOWN.includes(it.kind))
  const doing = known.filter((it) => !offer || it.kind !== 'file_complaint')
  return { doing: offer ? [{ kind: 'file_complaint', label: offer }, ...doing] : doing, near: entry.actions.filter((it) => it.kind === 'open_entry') }
}

/** An answer line by line; empty lines only set the next one apart. */
export function linesOf(answer: string): Line[] {
  const lines = answer.split('\n').map((it) => it.trim())
  return lines.flatMap((line, index) => {
    if (!line) return []
    const step = /^(\d{1,2})[.、．]\s*(.+)$/.exec(line)
    const text = step ? step[2] : line
    return [{ number: step ? `${step[1]}.` : '', text, is_head: !step && /[：:]$/.test(line), is_apart: index > 0 && !lines[index - 1] }]
  })
}

/** The date plate of a question that waits for a person. */
export function plateOf(waiting: Waiting, title: (time: string) => string, sentence: string): DateOut {
  const due = atBureau(waiting.due_at)
  return { key: 'answer', due_on: due.on, title: title(due.time), sentence, is_passed: waiting.is_overdue, is_provisional: false, law: null } as DateOut
}

/** 2026年11月 of a date. */
export function sayMonth(on: string): string {
  return `${Number(on.slice(0, 4))}年${Number(on.slice(5, 7))}月`
}
