// What the page of a booking says under its heading, and what it asks before something is given away.
import { sayMoment } from '@/lib/dates'
import { booking as words } from '@/texts/lectures'
import { sayPlace, sayWhen } from './lectureview'
import type { Booking } from '@/api/lectures'
import type { Face } from './usebooking'

/** The line under the heading. */
export function leadOf(face: Face, { own, lecture, attended }: Booking, thisYear: number): string {
  const [when, place] = [sayWhen(lecture, thisYear), sayPlace(lecture)]
  switch (face) {
    case 'offered': return words.offeredText(own.party, sayMoment(own.offer_ends_at ?? lecture.starts_at, thisYear)) + (own.needs_confirming ? words.offeredChanged(when, place) : '')
    case 'changed': return words.changedText(when, place)
    case 'waiting':
      if (own.ahead === null || own.ahead === undefined) return ''
      return own.needs_confirming ? words.waitingChanged(own.ahead, when, place) : words.ahead(own.ahead)
    case 'cancelled': return words.cancelledText
    case 'lapsed': return words.lapsedText
    case 'off': return words.offText
    case 'over': return attended ? words.attended(attended) : lecture.place ? words.missed : ''
    default: return ''
  }
}

/** The question before seats or a place in line go, in words of what goes. */
export function askOf(face: Face | null): { title: string; text: string; yes: string; no: string } {
  switch (face) {
    case 'waiting': return { title: words.leaveAsk, text: words.leaveText, yes: words.leaveYes, no: words.leaveNo }
    case 'offered': return { title: words.declineAsk, text: words.cancelText, yes: words.declineYes, no: words.declineNo }
    case 'changed': return { title: words.noMoreAsk, text: words.cancelText, yes: words.noMoreYes, no: words.noMoreNo }
    default: return { title: words.cancelAsk, text: words.cancelText, yes: words.cancelYes, no: words.cancelNo }
  }
}

/** What stands where giving back is offered: nothing to give back once somebody is in, too late by oneself, or neither. */
export function endOf(face: Face | null, { own, attended }: Pick<Booking, 'own' | 'attended'>): 'there' | 'late' | '' {
  if (face !== 'booked') return ''
  if (attended) return 'there'
  return own.can_cancel ? '' : 'late'
}
