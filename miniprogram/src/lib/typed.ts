// What is being written on a case (message, supplement, answer …): kept on the phone after every key until it is sent.
import { reactive, watch } from 'vue'
import { randomHex } from '@/platform/device'
import { dropStored, readStored, writeStored } from '@/platform/storage'

interface Kept { at_ms: number; value: unknown }

const STORE = 'typed'
const KEEP_MS = 30 * 86_400_000
const storage = reactive({ is_full: false })

/** Whether the phone had no room for what was last written, reactive. */
export function useTypedStorage(): { readonly is_full: boolean } {
  return storage
}

/** The words of one form of one case, reactive, and the way to forget them once they are sent. */
export function useTyped<T extends object>(caseId: string, form: string, empty: T): { typed: T; forget: () => void } {
  const name = `${caseId}.${form}`
  const typed = reactive({ ...empty, ...(all()[name]?.value as T | undefined) }) as T
  const save = () => put({ ...all(), [name]: { at_ms: Date.now(), value: typed } })
  // Synchronous: the phone may be killed right after a key press.
  const stop = watch(typed, save, { deep: true, flush: 'sync' })
  const forget = () => {
    stop()
    const { [name]: _gone, ...others } = all()
    put(others)
  }
  return { typed, forget }
}

/** Forgets everything written and not sent (a borrowed phone). */
export function forgetTyped(): void {
  dropStored(STORE)
}

export interface Keyed { key: string; key_of: string }

/** A random key that stays while the content stays, so that sending again is not sending twice. */
export async function keyFor(kept: Keyed, content: unknown): Promise<string> {
  const print = JSON.stringify(content)
  if (kept.key_of !== print) {
    kept.key = await randomHex(16)
    kept.key_of = print
  }
  return kept.key
}

function put(kept: Record<string, Kept>): void {
  storage.is_full = !writeStored(STORE, kept)
}

function all(): Record<string, Kept> {
  const stored = readStored<Record<string, Kept>>(STORE) ?? {}
  return Object.fromEntries(Object.entries(stored).filter(([, kept]) => Date.now() - kept.at_ms < KEEP_MS))
}
