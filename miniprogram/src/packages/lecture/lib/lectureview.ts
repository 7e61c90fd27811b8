// What a lecture and a booking show, worked out from what the server says: plain functions without a screen.
import { atBureau, sayDate, sayMoment } from '@/lib/dates'
import { lectures as words } from '@/texts/lectures'
import type { Audience, Lecture, Listed, OwnBooking } from '@/api/lectures'

export type Tone = 'brand' | 'sun' | 'err' | 'plain'

/** The line under hour and place: a word on a tint, a sentence, a meter of the seats; each only where there is one. */
export interface SeatLine { tag: string; tone: Tone; icon: string; text: string; percent: number | null }

const NOTHING: SeatLine = { tag: '', tone: 'plain', icon: '', text: '', percent: null }

/** How many seats are left, or what the viewer has to do with it, whichever matters more. */
export function seatLine(item: Lecture): SeatLine {
  if (item.state === 'cancelled') return { ...NOTHING, tag: words.cancelled, icon: 'alert' }
  if (item.own) return ownLine(item.own, item)
  if (item.is_over) return { ...NOTHING, tag: words.over }
  if (item.can_book) return { ...NOTHING, text: words.left(item.free), percent: percentTaken(item) }
  if (item.can_wait) return { ...NOTHING, tag: words.full, tone: 'sun', text: item.waiting ? words.waitAfter(item.waiting) : words.wait }
  return { ...NOTHING, tag: words.closed }
}

/** What became of a booking, in a word or two. */
export function ownLine(own: OwnBooking, item: Pick<Lecture, 'state' | 'is_over'>): SeatLine {
  if (item.state === 'cancelled') return { ...NOTHING, tag: words.cancelled, icon: 'alert' }
  if (own.state === 'cancelled') return { ...NOTHING, tag: words.givenBack }
  if (own.state === 'lapsed') return { ...NOTHING, tag: words.lapsed }
  if (item.is_over) return { ...NOTHING, tag: words.over }
  if (own.state === 'waiting') return { ...NOTHING, tag: own.ahead === null || own.ahead === undefined ? words.waiting : words.waitingAfter(own.ahead), tone: 'sun', icon: 'clock' }
  if (own.needs_confirming) return { ...NOTHING, tag: words.changed, tone: 'sun', icon: 'alert' }
  return { ...NOTHING, tag: words.booked(own.party), tone: 'brand', icon: 'tick' }
}

/** Whether a seat is kept for an answer: such a card is ringed and stands first. */
export const isOffered = (item: Pick<Lecture, 'state' | 'own'>): boolean => item.state === 'published' && item.own?.state === 'offered'

/** Offers first, the rest as they came. */
export function offersFirst(items: Lecture[]): Lecture[] {
  return [...items.filter(isOffered), ...items.filter((it) => !isOffered(it))]
}

/** 14:00 – 15:30; the second day is named when it is another one. */
export function sayHours(item: Pick<Lecture, 'starts_at' | 'ends_at'>): string {
  const [from, to] = [atBureau(item.starts_at), atBureau(item.ends_at)]
  return `${from.time} – ${from.on === to.on ? '' : `${sayDate(to.on)} `}${to.time}`
}

/** The place, or that it is online. */
export function sayPlace(item: Pick<Lecture, 'place' | 'is_online'>): string {
  return item.place ? item.place + (item.is_online ? words.orOnline : '') : words.online
}

/** 12月3日 周四 19:00 – 21:00 */
export function sayWhen(item: Pick<Lecture, 'starts_at' | 'ends_at'>, thisYear: number): string {
  return `${sayMoment(item.starts_at, thisYear).slice(0, -5)}${sayHours(item)}`
}

/** For whom: everyone is everyone, whoever else is named. */
export function sayAudiences(audiences: Audience[]): string {
  if (audiences.includes('everyone')) return words.audiences.everyone
  return audiences.map((it) => words.audiences[it]).join('、')
}

/** Those of a kind of listener; what is for everyone is for them too. */
export function forAudience(items: Lecture[], kind: string): Lecture[] {
  if (!kind) return items
  return items.filter((it) => it.audiences.includes('everyone') || it.audiences.includes(kind as Audience))
}

/** Whether a booking still asks something of its holder, or will. */
export function isLive({ own, lecture }: Listed): boolean {
  return ['waiting', 'offered', 'booked'].includes(own.state) && !lecture.is_over && lecture.state === 'published'
}

/** Live ones on top, the next lecture first; then the rest, newest first as the server sends them. */
export function liveFirst(items: Listed[]): Listed[] {
  const live = items.filter(isLive).sort((a, b) => a.lecture.starts_at.localeCompare(b.lecture.starts_at))
  return [...live.filter((it) => it.own.state === 'offered'), ...live.filter((it) => it.own.state !== 'offered'), ...items.filter((it) => !isLive(it))]
}

function percentTaken(item: Lecture): number {
  const percent = Math.round((item.taken / item.seats) * 100)
  // A few seats taken of many still show, and a few left do not look like none.
  return item.taken ? Math.min(96, Math.max(4, percent)) : 0
}
