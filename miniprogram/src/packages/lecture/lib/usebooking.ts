// A booking's page: the booking, its lecture, and the copy on the phone that opens the door without a network.
import { computed } from 'vue'
import { readBooking, readLecture, type Booking, type LectureDetail } from '@/api/lectures'
import { keepBooking, lastBooking } from '@/lib/lastseen'
import { workerToken } from '@/lib/session'
import { useLoad } from './useload'

export interface Whole { booking: Booking; detail: LectureDetail | null }

/** What the page is about, from what the server says; each asks for something else. */
export type Face = 'off' | 'cancelled' | 'lapsed' | 'over' | 'offered' | 'changed' | 'waiting' | 'booked'

/** Which of the faces a booking shows: what can no longer be is said first, then what waits for an answer. */
export function faceOf({ own, lecture, attended }: Pick<Booking, 'own' | 'lecture'> & { attended?: number }): Face {
  if (lecture.state === 'cancelled') return 'off'
  if (own.state === 'cancelled' || own.state === 'lapsed') return own.state
  if (lecture.is_over) return 'over'
  // Only whoever has a seat and is not there yet is asked whether they still come.
  return own.state === 'booked' && own.needs_confirming && !attended ? 'changed' : own.state
}

/** The state of the page, loading it, and showing what an answer gave back. */
export function useBooking(id: () => string) {
  const { state, load, show } = useLoad<Whole>({
    isOwn: true,
    read: async (token) => withDetail(await readBooking(id(), token), token),
    kept: () => lastBooking(id()),
    keep: (item) => keepBooking(item, Date.now()),
  })
  const face = computed(() => (state.item ? faceOf(state.item.booking) : null))

  /** After an answer: the booking is new, its lecture is read again behind it. */
  async function renew(booking: Booking): Promise<void> {
    show({ booking, detail: state.item?.detail ?? null })
    await load()
  }

  return { state, load, face, renew }
}

/** The lecture's own page only adds to it: the code is shown without. */
async function withDetail(booking: Booking, token: string | null): Promise<Whole> {
  try {
    return { booking, detail: await readLecture(booking.lecture.id, token ?? workerToken()) }
  } catch {
    return { booking, detail: lastBooking(booking.own.id)?.item.detail ?? null }
  }
}
