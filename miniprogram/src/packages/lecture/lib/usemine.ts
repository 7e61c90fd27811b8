// Everything of one person: bookings page by page, and their orders; without a network the bookings kept on this phone.
import { reactive } from 'vue'
import { readBookings, readOrders, type Listed, type Order } from '@/api/lectures'
import { seenBookings } from '@/lib/lastseen'
import { workerToken } from '@/lib/session'
import { useLoad } from './useload'

export interface Mine { bookings: Listed[]; next_cursor: string | null; orders: Order[] }

/** The page's state, loading it, and the bookings before those shown. */
export function useMine() {
  const { state, load } = useLoad<Mine>({ isOwn: true, read: readAll, kept: fromPhone })
  const older = reactive({ is_busy: false, has_failed: false })

  async function more(): Promise<void> {
    const shown = state.item
    if (!shown?.next_cursor || older.is_busy) return
    Object.assign(older, { is_busy: true, has_failed: false })
    try {
      const next = await readBookings(shown.next_cursor, workerToken())
      state.item = { ...shown, bookings: [...shown.bookings, ...next.items], next_cursor: next.next_cursor ?? null }
    } catch {
      older.has_failed = true // said beside the button, which stays
    } finally {
      older.is_busy = false
    }
  }

  return { state, load, older, more }
}

async function readAll(token: string | null): Promise<Mine> {
  const [bookings, orders] = await Promise.all([readBookings(null, token), readOrders(token)])
  return { bookings: bookings.items, next_cursor: bookings.next_cursor ?? null, orders: orders.items }
}

function fromPhone(): { seen_at: string; item: Mine } | null {
  const seen = seenBookings()
  if (!seen.length) return null
  const bookings = seen.map(({ item }) => ({ own: item.booking.own, lecture: item.booking.lecture }))
  return { seen_at: seen[0].seen_at, item: { bookings, next_cursor: null, orders: [] } }
}
