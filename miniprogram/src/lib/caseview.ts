// What a case page shows, worked out from what the server says: plain functions without a screen.
import type { Action, CaseOut, ClaimOut, Slot, TimelineEntry } from '@/api/following'
import type { EvidenceItem } from './evidence'
import type { EvidenceOut } from '@/api/types'
import type { TimelineEvent } from '@/components/Timeline.vue'

/** States in which the next thing is money that should have come. */
const MONEY_IS_DUE = ['ordered', 'decided', 'enforcing', 'closed']

/** The one filled button of the page; null where the person need do nothing, or a card asks already. */
export function primaryOf(item: Pick<CaseOut, 'actions' | 'state' | 'appointment' | 'withdrawal' | 'correction'>): 'say_paid' | 'appointment' | null {
  const can = (action: Action) => item.actions.includes(action)
  if (item.correction || item.withdrawal) return null
  if (can('say_paid') && MONEY_IS_DUE.includes(item.state)) return 'say_paid'
  return can('appointment') && !item.appointment ? 'appointment' : null
}

/** Still owed of one month, in fen; never below nothing. */
export function stillOwed(line: ClaimOut): number {
  return Math.max(0, line.due_fen - line.paid_fen - line.received_fen)
}

/** Still owed of the whole case, in fen. */
export function owedInAll(item: Pick<CaseOut, 'claims'>): number {
  return item.claims.reduce((sum, line) => sum + stillOwed(line), 0)
}

/** The timeline as the component draws it: what the person did needs no name. */
export function timelineOf(entries: TimelineEntry[], whoWords: (name: string) => string): TimelineEvent[] {
  return entries.map((it) => ({
    at: it.at,
    title: it.title,
    text: it.text || null,
    who: it.who && it.who !== '您' ? whoWords(it.who) : null,
    document: it.document ? { id: String(it.document.id), title: it.document.title } : null,
    kind: it.kind,
  }))
}

export interface Day { on: string; am: Slot | null; pm: Slot | null }

/** Slots by day, in order; a half day the bureau does not offer is null. */
export function daysOf(slots: Slot[]): Day[] {
  const days = new Map<string, Day>()
  for (const slot of slots) {
    const day = days.get(slot.on_date) ?? { on: slot.on_date, am: null, pm: null }
    day[slot.period] = slot
    days.set(slot.on_date, day)
  }
  return [...days.values()].sort((a, b) => a.on.localeCompare(b.on))
}

/** Files of this phone that the server does not yet list as received. */
export function filesUnderWay(caseId: string, onPhone: EvidenceItem[], onServer: EvidenceOut[]): EvidenceItem[] {
  // By moment and size: the digest is another once the place was taken out of a picture.
  const sealed = new Set(onServer.map((it) => `${it.received_at} ${it.size}`))
  return onPhone.filter((it) => it.case_id === caseId && !(it.state === 'received' && sealed.has(`${it.received_at} ${it.size}`)))
}
