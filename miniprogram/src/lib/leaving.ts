// Signing out: what would stay on this phone afterwards, and deleting that from a phone that is not one's own.
import { clearDraft, isStarted, useDraft } from './draft'
import { clearEvidence, useEvidence } from './evidence'
import { filingsHere, forgetFilings, signOut } from './session'

/** What signing out alone does not take away: a worker who filed without a telephone needs it to find the case again. */
export interface Stays { receipts: number; has_draft: boolean; files: number }

/** What would stay, or null when nothing would and there is nothing to ask. */
export function whatStays(): Stays | null {
  const files = useEvidence().items.filter((it) => it.state !== 'received').length
  const stays = { receipts: filingsHere().length, has_draft: isStarted(useDraft().draft), files }
  return stays.receipts || stays.has_draft || stays.files ? stays : null
}

/** Signs out; on a phone of somebody else's everything else of this worker goes first. */
export async function leavePhone(isOwn: boolean): Promise<void> {
  const hasForgotten = isOwn ? Promise.resolve() : clearPhone()
  await Promise.all([hasForgotten, signOut()])
}

/** The cases go on; only this phone forgets them. */
async function clearPhone(): Promise<void> {
  const ids = [null, ...new Set(useEvidence().items.map((it) => it.case_id))]
  forgetFilings()
  clearDraft()
  await Promise.all(ids.map(clearEvidence))
}
