// What was said in the chat, put into the complaint: blanks are filled, what the worker wrote stays unless they say otherwise.
import { refreshRequest, type Draft } from './draft'
import { toFen, toYuan } from './money'
import { sayMonths } from './months'
import { prefill as words } from '@/texts/ask'
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
  const { employer, work } = draft
  const due = dueOf(said)
  const hasRows = draft.rows.some((row) => row.due !== '' && row.due !== draft.said.due) || draft.said.has_months
  const found: Said[] = []
  const put = (name: Said['name'], now: string, chat: string, write: () => void) => chat && found.push({ name, now, chat, put: write })
  put('employer', employer.name, said.employer ?? '', () => Object.assign(employer, { name: said.employer, employer_id: null }))
  put('place', work.place, said.place ?? '', () => Object.assign(work, { place: said.place, street: streets.find((it) => said.place?.includes(it)) ?? work.street }))
  put('contract', work.contract === 'unsure' ? '' : words.contracts[work.contract], said.contract ? words.contracts[said.contract] : '', () => (work.contract = said.contract!))
  put('money', hasRows ? sayRows(said.months.length ? draft.rows.map((row) => row.month) : [], due && tidy(draft.rows[0]?.due ?? '')) : '', sayRows(said.months, due), () => putMoney(draft, said.months, due))
  put('facts', draft.facts, said.facts, () => (draft.facts = said.facts))
  return found
}

/** What one month should have brought, where that was said. */
function dueOf({ monthly_fen, amount_fen, months }: Prefill): string {
  const fen = monthly_fen ?? (months.length === 1 ? amount_fen : null)
  return fen === null ? '' : toYuan(fen)
}

function sayRows(months: string[], due: string): string {
  return [months.length ? sayMonths(months) : '', due && words.monthly(due)].filter(Boolean).join('，')
}

function putMoney(draft: Draft, months: string[], due: string): void {
  draft.said = { has_months: months.length > 0, due }
  const old = new Map(draft.rows.map((row) => [row.month, row]))
  const kept = months.length ? [...months].sort() : [...old.keys()]
  draft.rows = kept.map((month) => ({ month, due: due || (old.get(month)?.due ?? ''), paid: old.get(month)?.paid ?? '0' }))
}

function tidy(typed: string): string {
  const fen = toFen(typed)
  return fen === null ? typed : toYuan(fen)
}
