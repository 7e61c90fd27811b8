// The list of coming lectures: the first page fresh, later pages put after it, a failure leaves what is shown.
import { reactive } from 'vue'
import { isPassing } from '@/api/call'
import { readLectures, type Lecture, type Lectures } from '@/api/lectures'
import { workerToken } from '@/lib/session'
import { useLoad } from './useload'

/** The list's state, loading it, and the next page. */
export function useLectures() {
  const { state, load } = useLoad<Lectures>({ read: (token) => readLectures(null, token) })
  const later = reactive({ is_busy: false, has_failed: false })

  async function more(): Promise<void> {
    const shown = state.item
    if (!shown?.next_cursor || later.is_busy) return
    Object.assign(later, { is_busy: true, has_failed: false })
    try {
      const next = await readLectures(shown.next_cursor, workerToken())
      state.item = { items: [...shown.items, ...withoutShown(next.items, shown.items)], next_cursor: next.next_cursor }
    } catch (failure) {
      if (!isPassing(failure)) void load()
      later.has_failed = true
    } finally {
      later.is_busy = false
    }
  }

  return { state, load, later, more }
}

/** A lecture that was moved between two pages would stand twice. */
function withoutShown(items: Lecture[], shown: Lecture[]): Lecture[] {
  const known = new Set(shown.map((it) => it.id))
  return items.filter((it) => !known.has(it.id))
}
