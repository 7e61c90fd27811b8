// The list in 我的: every case of the signed-in worker, page by page, and those filed here without signing in.
import { reactive } from 'vue'
import { ApiProblem, call } from '@/api/call'
import { casesFiledHere } from './cases'
import { forgetSession, workerToken } from './session'
import type { components } from '@/api/api.gen'
import type { CaseBrief } from '@/api/types'

type Page = components['schemas']['CaseListOut']

const NOTHING = { items: [] as CaseBrief[], cursor: null as string | null, has_loaded: false, has_failed: false }

/** The list's state and its two acts. */
export function useMyCases() {
  const state = reactive({ ...NOTHING })
  /** Whose list stands in the state; before the first load nobody's. */
  let listedFor: string | null | undefined

  /** Fresh from the start; a failure leaves what is shown, unless it was somebody else's. */
  async function load(): Promise<void> {
    const token = workerToken()
    if (token !== listedFor) Object.assign(state, NOTHING) // never "none" of a list that was not asked for
    listedFor = token
    try {
      const first = token ? await page(token, null) : null
      const own = first?.items ?? []
      const items = [...own, ...(await casesFiledHere(own))]
      if (token === listedFor) Object.assign(state, { items, cursor: first?.next_cursor ?? null, has_failed: false })
    } catch (failure) {
      if (token === listedFor) explain(failure)
    } finally {
      if (token === listedFor) state.has_loaded = true
    }
  }

  /** The next page, put after what is shown. */
  async function more(): Promise<void> {
    const token = workerToken()
    if (!token || !state.cursor) return
    try {
      const next = await page(token, state.cursor)
      if (token !== listedFor) return
      Object.assign(state, { items: [...state.items, ...next.items], cursor: next.next_cursor, has_failed: false })
    } catch (failure) {
      explain(failure)
    }
  }

  function explain(failure: unknown): void {
    if (!(failure instanceof ApiProblem) || failure.status !== 401) return void (state.has_failed = true)
    forgetSession()
    Object.assign(state, { items: [], cursor: null })
  }

  return { state, load, more }
}

function page(token: string, cursor: string | null): Promise<Page> {
  return call('GET', cursor ? `/complaints?cursor=${encodeURIComponent(cursor)}` : '/complaints', { token })
}
