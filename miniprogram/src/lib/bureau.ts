// The bureau's own facts (name, telephones, privacy notice, limits): from the server, kept for when there is no network.
import { reactive } from 'vue'
import { call } from '@/api/call'
import { readStored, writeStored } from '@/platform/storage'
import { bureauToday } from './dates'
import type { BureauOut } from '@/api/types'

const STORE = 'bureau'
const state = reactive({ bureau: readStored<BureauOut>(STORE), has_failed: false, is_loading: false })
let asking: Promise<void> | null = null

/** The bureau, reactive; null until the first answer on this phone. */
export function useBureau(): { readonly bureau: BureauOut | null; readonly has_failed: boolean; readonly is_loading: boolean } {
  return state
}

/** Asks the server afresh; a failure leaves what is kept and sets has_failed. */
export function loadBureau(): Promise<void> {
  asking ??= ask().finally(() => (asking = null))
  return asking
}

async function ask(): Promise<void> {
  state.is_loading = true
  try {
    state.bureau = await call<BureauOut>('GET', '/bureau')
    state.has_failed = false
    writeStored(STORE, state.bureau)
  } catch {
    state.has_failed = true // shown by the page; the kept copy goes on serving
  } finally {
    state.is_loading = false
  }
}

/** Today at the bureau: the server's date if it is of today's answer, else the phone's clock in the bureau's zone. */
export function today(): string {
  return bureauToday(Date.now())
}
