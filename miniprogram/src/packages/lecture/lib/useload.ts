// Loading what a lecture page shows: fresh when there is a network, a kept copy when there is none, sign-in where it is needed.
import { reactive } from 'vue'
import { ApiProblem, isPassing, spokenCode } from '@/api/call'
import { forgetSession, workerToken } from '@/lib/session'

export type LoadFault = '' | 'offline' | 'signed_out' | 'gone' | 'broken'
export interface LoadState<T> {
  item: T | null
  fault: LoadFault
  /** When the shown copy was seen, if it is not fresh. */
  seen_at: string
  /** To read out on the telephone. */
  code: string
}

interface Ways<T> {
  read: (token: string | null) => Promise<T>
  /** Only for whoever is signed in. */
  isOwn?: boolean
  /** The copy on this phone. */
  kept?: () => { seen_at: string; item: T } | null
  keep?: (item: T) => void
}

/** The state of a page and the way to (re)load it; a failure leaves what is shown. */
export function useLoad<T>({ read, isOwn = false, kept, keep }: Ways<T>) {
  const state = reactive({ item: null, fault: '', seen_at: '', code: '' }) as LoadState<T>
  let asked = 0

  async function load(): Promise<void> {
    const mine = ++asked
    const token = workerToken()
    if (isOwn && !token) return fail('signed_out')
    try {
      const item = await read(token)
      if (mine === asked) show(item)
    } catch (failure) {
      if (mine === asked) explain(failure, token)
    }
  }

  function show(item: T): void {
    Object.assign(state, { item, fault: '', seen_at: '', code: '' })
    keep?.(item)
  }

  function explain(failure: unknown, token: string | null): void {
    state.code = spokenCode(failure, Date.now())
    const status = failure instanceof ApiProblem ? failure.status : 0
    if (status === 401) {
      forgetSession()
      state.item = null
      // What everybody may read is read again, without the ended sign-in.
      return isOwn || !token ? fail('signed_out') : void load()
    }
    if (status === 404) state.item = null
    fail(status === 404 ? 'gone' : isPassing(failure) && !status ? 'offline' : 'broken')
  }

  function fail(fault: LoadFault): void {
    state.fault = fault
    const copy = state.item || fault === 'gone' ? null : kept?.()
    if (copy) Object.assign(state, { item: copy.item, seen_at: copy.seen_at })
  }

  return { state, load, show }
}
