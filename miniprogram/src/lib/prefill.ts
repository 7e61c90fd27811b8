// What was said in the chat, put into the complaint: blanks are filled, what the worker wrote stays unless they say otherwise.
import { refreshRequest, type Draft } from './draft'
import { parts, sayFullDate } from './dates'
import { toFen, toYuan } from './money'
import { sayMonths } from './months'
import { prefill as words } from '@/texts/ask'
import { screening as questions } from '@/texts/screening'
import type { Prefill } from '@/api/chat'

/** One field of the form that the chat says something about. */
interface Said { name: keyof typeof words.fields; now: string; chat: string; put: () => void }

/** A field on which form and chat differ. */
export interface Difference { name: string; now: string; chat: string }

let pending: Prefill | null = null

/** Keeps what was said until the privacy notice has been read: only then may a complaint be begun. */
export function keepForDraft(said: Prefill): void {
  pending = said
}

/** Whether something was said that a new complaint will begin with. */
export function hasPending(): boolean {
  return pending !== null
}

/** Puts what waited into the draft, once. */
export function fillPending(draft: Draft, streets: string[]): void {
  if (pending) fill(draft, pending, streets, false)
  pending = null
}

/** Fields the worker filled in one way and told the chat in another. */
export function differences(draft: Draft, said: Prefill): Difference[] {
  return fieldsOf(draft, said, []).filter((it) => it.now && it.now !== it.chat).map(({ name, now, chat }) => ({ name: words.fields[name], now, chat }))
}

/** Fills what is blank; with `isOverwriting` what differs too. */
export function fill(draft: Draft, said: Prefill, streets: string[], isOverwriting: boolean): void {
  for (const it of fieldsOf(draft, said, streets)) if (isOverwriting || !it.now) it.put()
  refreshRequest(draft)
}

function fieldsOf(draft: Draft, said: Prefill, streets: string[]): Said[] {
  const { employer, work, screening } = draft
  const dues = duesOf(said)
  const hasRows = draft.rows.some((row) => row.due !== '' && row.due !== draft.said.due) || draft.said.has_months
  const found: Said[] = []
  const put = (name: Said['name'], now: string, chat: string, write: () => void) => chat && found.push({ name, now, chat, put: write })
  // What stands there until the questions have been answered is only what most people answer.
  put('age', draft.has_screened ? labelOf(questions.ages, screening.age_group) : '', labelOf(questions.ages, said.age_group), () => (screening.age_group = said.age_group!))
  put('kind', draft.has_screened ? labelOf(questions.kinds, screening.worker_kind) : '', labelOf(questions.kinds, said.worker_kind), () => (screening.worker_kind = said.worker_kind!))
  put('employer', employer.name, said.employer ?? '', () => Object.assign(employer, { name: said.employer, employer_id: null }))
  put('contact', employer.contact, said.contact ?? '', () => (employer.contact = said.contact!))
  put('from', sayDay(work.from_on), sayDay(said.from_on), () => (work.from_on = said.from_on!))
  put('to', sayDay(work.to_on), sayDay(said.to_on), () => (work.to_on = said.to_on!))
  put('post', work.post, said.post ?? '', () => (work.post = said.post!))
  put('place', work.place, said.place ?? '', () => Object.assign(work, { place: said.place, street: streets.find((it) => said.place?.includes(it)) ?? work.street }))
  put('contract', work.contract === 'unsure' ? '' : words.contracts[work.contract], said.contract ? words.contracts[said.contract] : '', () => (work.contract = said.contract!))
  put('money', hasRows ? sayNow(draft, said, dues) : '', sayRows(said.months, dues), () => putMoney(draft, said.months, dues))
  put('facts', draft.facts, said.facts, () => (draft.facts = said.facts))
  return found
}

function labelOf(options: { value: string; label: string }[], value: string | null): string {
  return options.find((it) => it.value === value)?.label ?? ''
}

function sayDay(on: string | null): string {
  return on && parts(on) ? sayFullDate(on) : ''
}

/** What the months should have brought: every month the same, and those that were told by themselves. */
interface Dues { every: string; of: Record<string, string> }

function duesOf({ monthly_fen, amount_fen, months, due_by_month }: Prefill): Dues {
  const of = Object.fromEntries(Object.entries(due_by_month).map(([month, fen]) => [month, toYuan(fen)]))
  const fen = monthly_fen ?? (months.length === 1 && !of[months[0]] ? amount_fen : null)
  return { every: fen === null ? '' : toYuan(fen), of }
}

function sayRows(months: string[], { every, of }: Dues): string {
  const single = [...months].sort().filter((month) => of[month]).map((month) => words.single(sayMonths([month]), of[month]))
  const isWhole = months.length > 0 && single.length === months.length
  return [months.length && !isWhole ? sayMonths(months) : '', every && words.monthly(every), ...single].filter(Boolean).join('，')
}

/** What the form says about the same things as the chat. */
function sayNow({ rows }: Draft, { months }: Prefill, { every, of }: Dues): string {
  const single = Object.fromEntries(rows.filter((row) => of[row.month] && row.due).map((row) => [row.month, tidy(row.due)]))
  const other = rows.find((row) => !of[row.month])?.due ?? ''
  return sayRows(months.length ? rows.map((row) => row.month) : [], { every: every && tidy(other), of: single })
}

function putMoney(draft: Draft, months: string[], { every, of }: Dues): void {
  draft.said = { has_months: months.length > 0, due: every }
  const old = new Map(draft.rows.map((row) => [row.month, row]))
  const kept = months.length ? [...months].sort() : [...old.keys()]
  draft.rows = kept.map((month) => ({ month, due: of[month] ?? (every || (old.get(month)?.due ?? '')), paid: old.get(month)?.paid ?? '0' }))
}

function tidy(typed: string): string {
  const fen = toFen(typed)
  return fen === null ? typed : toYuan(fen)
}
