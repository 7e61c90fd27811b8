// The last copy of each case this phone has seen: shown when there is no network, only while signed in, gone on signing out.
import { dropStored, readStored, writeStored } from '@/platform/storage'
import type { CaseOut } from '@/api/following'

export interface Seen { seen_at: string; item: CaseOut }

const STORE = 'seen'
const MOST = 10

/** The copy of a case, or null. */
export function lastSeen(id: string): Seen | null {
  return all()[id] ?? null
}

/** Keeps a copy, without the links to files, which end by themselves; the oldest make room. */
export function keepSeen(item: CaseOut, nowMs: number): void {
  const copy = { ...item, evidence: item.evidence.map((file) => ({ ...file, view_url: null })) }
  const kept = { ...all(), [item.id]: { seen_at: new Date(nowMs).toISOString(), item: copy } }
  const newest = Object.entries(kept).sort(([, a], [, b]) => b.seen_at.localeCompare(a.seen_at)).slice(0, MOST)
  // A phone without room keeps no copy: the page then only needs the network.
  if (!writeStored(STORE, Object.fromEntries(newest))) dropStored(STORE)
}

/** Forgets every copy. */
export function forgetSeen(): void {
  dropStored(STORE)
}

function all(): Record<string, Seen> {
  return readStored<Record<string, Seen>>(STORE) ?? {}
}
