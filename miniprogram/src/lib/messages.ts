// Asking for messages at the right moment: what to ask is fetched before, the question comes inside the tap.
import { call } from '@/api/call'
import { randomHex } from '@/platform/device'
import { askSubscribe, canSubscribe } from '@/platform/subscribe'
import { workerToken } from './session'
import type { ConsentTemplates } from '@/api/types'

export type Moment = 'filing' | 'asking' | 'booking'
const known = new Map<Moment, string[]>()

/** Fetches what to ask at a moment, so that the tap need not wait; call it when the page shows. */
export async function prepareMessages(moment: Moment): Promise<void> {
  if (!canSubscribe || known.has(moment)) return
  try {
    const { templates } = await call<ConsentTemplates>('GET', `/consent-templates?moment=${moment}`)
    known.set(moment, templates)
  } catch {
    // Not known: nobody is asked this time, and everything else goes on.
  }
}

/**
 * Asks, right inside a tap, and reports what was tapped once somebody is signed in.
 * Never rejects and never stands in the way; on the web it does nothing.
 */
export function askForMessages(moment: Moment): Promise<void> {
  const templates = known.get(moment) ?? []
  // no await before it: WeChat would no longer take it as part of the tap
  return templates.length ? askSubscribe(templates).then(keep) : Promise.resolve()
}

let unsent: Record<string, string> | null = null

async function keep(answers: Record<string, string>): Promise<void> {
  if (Object.keys(answers).length) unsent = answers
  await reportMessages()
}

/** Reports what was tapped before somebody was signed in; doing it again reports nothing. */
export async function reportMessages(): Promise<void> {
  const token = workerToken()
  if (!unsent || !token) return
  const answers = unsent
  unsent = null
  try {
    await call('POST', '/me/consents', { token, body: { key: await randomHex(16), answers } })
  } catch {
    // The ledger then knows of one consent fewer than WeChat does: the message goes another way.
  }
}
