// One attempt to book: its key is made once and kept on the phone until there is an answer, so that no seat is taken twice.
import { bookSeats, type Booked } from '@/api/lectures'
import { ApiProblem } from '@/api/call'
import { keyFor, useTyped } from '@/lib/typed'
import { lecture as words } from '@/texts/lectures'
import type { SendFaultState } from '@/lib/usesend'

export const EMPTY = { party: 1, name: '', org: '', key: '', key_of: '' }
export type Wish = typeof EMPTY

/** What is chosen for a lecture, kept on the phone, and the way to forget it. */
export const useWish = (lectureId: string) => useTyped(lectureId, 'booking', EMPTY)

/** Books once; the same choice tried again keeps its key, also after the page was closed. A no ends the attempt. */
export async function bookOnce(lectureId: string, wish: Wish, mayWait: boolean, token: string | null): Promise<Booked> {
  const isGroup = wish.party > 1
  const content = { party: wish.party, may_wait: mayWait, name: (isGroup && wish.name.trim()) || null, org_name: (isGroup && wish.org.trim()) || null }
  const key = await keyFor(wish, content)
  try {
    return await bookSeats(lectureId, { ...content, key }, token)
  } catch (failure) {
    if (failure instanceof ApiProblem && failure.status < 500 && failure.status !== 401) wish.key_of = ''
    throw failure
  }
}

/** As many as may come with one booking. */
export const within = (party: number, most: number): number => Math.min(Math.max(1, Math.trunc(party) || 1), Math.max(1, most))

/** Why it was not booked, in the words of this page; what the server says stays its own. */
export function bookingFault(fault: SendFaultState | null): SendFaultState | null {
  if (!fault) return null
  if (fault.kind === 'offline') return { ...fault, title: words.offlineTitle, text: words.offline }
  return fault.kind === 'refused' ? { ...fault, title: words.notBooked } : fault
}
