// Loading a case for a page: fresh when there is a network, the last seen copy when there is none, sign-in when it ended.
import { reactive } from 'vue'
import { ApiProblem, isPassing, spokenCode } from '@/api/call'
import { readCase, type CaseOut } from '@/api/following'
import { keepSeen, lastSeen } from '@/lib/lastseen'
import { forgetTokenFor, tokenFor, workerToken } from '@/lib/session'

export type LoadFault = '' | 'offline' | 'signed_out' | 'gone' | 'broken'

export interface CaseState {
  id: string
  item: CaseOut | null
  /** When the shown copy was seen, if it is not fresh. */
  seen_at: string
  fault: LoadFault
  /** To read out on the telephone. */
  code: string
}

/** The state of one case page and the way to (re)load it. */
export function useCase() {
  const state = reactive<CaseState>({ id: '', item: null, seen_at: '', fault: '', code: '' })
  let asked = 0
  let shownMs = 0

  async function load(id = state.id): Promise<void> {
    if (id !== state.id) Object.assign(state, { id, item: null, seen_at: '' })
    const mine = ++asked
    const token = tokenFor(id)
    if (!token) return fail('signed_out')
    try {
      const item = await readCase(id, token)
      if (mine === asked) show(item)
    } catch (failure) {
      if (mine === asked) explain(failure)
    }
  }

  function show(item: CaseOut): void {
    shownMs = Date.now()
    Object.assign(state, { item, seen_at: '', fault: '', code: '' })
    if (workerToken()) keepSeen(item, shownMs)
  }

  function explain(failure: unknown): void {
    state.code = spokenCode(failure, Date.now())
    if (failure instanceof ApiProblem && failure.status === 401) {
      forgetTokenFor(state.id)
      // Another token may still open it: the worker's own beside the one of the filing.
      return tokenFor(state.id) ? void load() : fail('signed_out')
    }
    if (failure instanceof ApiProblem && failure.status === 404) return fail('gone')
    fail(isPassing(failure) && !(failure instanceof ApiProblem) ? 'offline' : 'broken')
  }

  function fail(fault: LoadFault): void {
    state.fault = fault
    if (fault === 'signed_out' || fault === 'gone') Object.assign(state, { item: null, seen_at: '' })
    else if (!state.item) showCopy()
    else if (!state.seen_at) state.seen_at = new Date(shownMs).toISOString()
  }

  function showCopy(): void {
    const seen = workerToken() ? lastSeen(state.id) : null
    if (seen) Object.assign(state, { item: seen.item, seen_at: seen.seen_at })
  }

  return { state, load, show }
}
