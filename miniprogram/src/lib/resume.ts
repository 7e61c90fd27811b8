// What goes on by itself when the network is back or the app is opened again: a waiting complaint, then waiting evidence.
import { seemsOnline } from '@/platform/network'
import { useDraft } from './draft'
import { retryFailed, runUploads } from './evidence'
import { fileComplaint, type Outcome } from './filing'
import { tokenFor } from './session'

type Listener = (outcome: Outcome) => void
let listener: Listener | null = null
let running: Promise<void> | null = null

/** The page that wants to know how a waiting complaint ended; null takes it away. */
export function onWaitingFiled(tell: Listener | null): void {
  listener = tell
}

/** Sends what waits; safe to call at any time and as often as one likes. */
export function resumeWaiting(): Promise<void> {
  if (!seemsOnline()) return Promise.resolve()
  running ??= resume().finally(() => (running = null))
  return running
}

async function resume(): Promise<void> {
  const { draft } = useDraft()
  if (draft.is_waiting) {
    const outcome = await fileComplaint(draft)
    // Only a missing network is worth waiting for; anything else needs the person.
    if (outcome.kind !== 'filed') draft.is_waiting = outcome.kind === 'offline'
    listener?.(outcome)
  }
  retryFailed()
  await runUploads(tokenFor)
}
