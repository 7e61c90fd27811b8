// The last copy of each case and each booking this phone has seen: shown when there is no network, gone on signing out.
import { dropStored, readStored, writeStored } from '@/platform/storage'
import type { CaseOut } from '@/api/following'
import type { Booking, LectureDetail } from '@/api/lectures'

export interface Seen { seen_at: string; item: CaseOut }

/** A booking with its lecture's page, if that was read too. */
export interface SeenBooking { seen_at: string; item: { booking: Booking; detail: LectureDetail | null } }

const STORE = 'seen'
const BOOKINGS = 'bookings'
const MOST = 10

/** The copy of a case, or null. */
export function lastSeen(id: string): Seen | null {
  return all()[id] ?? null
}

/** Keeps a copy, without the links to files, which end by themselves. */
export function keepSeen(item: CaseOut, nowMs: number): void {
  const copy = { ...item, evidence: item.evidence.map((file) => ({ ...file, view_url: null })) }
  keepNewest(STORE, { ...all(), [item.id]: { seen_at: new Date(nowMs).toISOString(), item: copy } })
}

/** The copy of a booking: its code opens the door without a network. */
export function lastBooking(id: string): SeenBooking | null {
  return allBookings()[id] ?? null
}

/** Every booking on this phone, the one seen last first. */
export function seenBookings(): SeenBooking[] {
  return Object.values(allBookings()).sort((a, b) => b.seen_at.localeCompare(a.seen_at))
}

/** Keeps a copy of a booking. */
export function keepBooking(item: SeenBooking['item'], nowMs: number): void {
  keepNewest(BOOKINGS, { ...allBookings(), [item.booking.own.id]: { seen_at: new Date(nowMs).toISOString(), item } })
}

/** Forgets every copy. */
export function forgetSeen(): void {
  dropStored(STORE)
  dropStored(BOOKINGS)
}

/** The oldest make room; a phone without any keeps no copy: the page then only needs the network. */
function keepNewest(store: string, kept: Record<string, { seen_at: string; item: unknown }>): void {
  const newest = Object.entries(kept).sort(([, a], [, b]) => b.seen_at.localeCompare(a.seen_at)).slice(0, MOST)
  if (!writeStored(store, Object.fromEntries(newest))) dropStored(store)
}

function all(): Record<string, Seen> {
  return readStored<Record<string, Seen>>(STORE) ?? {}
}

function allBookings(): Record<string, SeenBooking> {
  return readStored<Record<string, SeenBooking>>(BOOKINGS) ?? {}
}
