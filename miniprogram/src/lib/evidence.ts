// The evidence chosen on this phone: kept from the moment it is chosen, uploaded after filing, each file for itself.
import { reactive } from 'vue'
import { isPassing } from '@/api/call'
import { randomHex } from '@/platform/device'
import { dropKept, keepFile, readKept, type Picked } from '@/platform/files'
import { dropStored, readStored, writeStored } from '@/platform/storage'
import { digestOf } from './sha256'
import { upload } from './upload'
import { useBureau } from './bureau'
import { evidenceWords as words } from '@/texts/evidence'

export type EvidenceState = 'saving' | 'saved' | 'queued' | 'uploading' | 'received' | 'failed' | 'refused'

export interface EvidenceItem {
  key: string
  /** null while the complaint is not filed. */
  case_id: string | null
  name: string
  size: number
  mime: string
  state: EvidenceState
  percent: number
  sha256: string
  reason: string
  received_at: string
  is_place_stripped: boolean
  /** An anonymous tip's file: in memory only. */
  is_memory_only: boolean
}

const STORE = 'evidence'
const LIMITS = { max_files: 20, max_bytes: 20 * 1024 * 1024, chunk_bytes: 512 * 1024 }
const state = reactive({ items: revive(readStored<EvidenceItem[]>(STORE) ?? []) })
let running = 0

/** All evidence of this phone, reactive: the draft's (case_id null) and that of filed cases. */
export function useEvidence(): { readonly items: EvidenceItem[] } {
  return state
}

/** Files and bytes allowed, as the bureau says. */
export function limits(): typeof LIMITS {
  return useBureau().bureau?.evidence ?? LIMITS
}

/** Adds chosen files to the draft or to a case; too many and too large ones are said so and not kept. */
export async function addEvidence(picked: Picked[], to: { case_id: string | null; is_memory_only: boolean }): Promise<void> {
  for (const file of picked) await addOne(file, to)
}

/** Removes one file from the phone. */
export async function removeEvidence(key: string): Promise<void> {
  state.items = state.items.filter((item) => item.key !== key)
  store()
  await dropKept(key)
}

/** Removes the files of the complaint being written, or of a filed case. */
export function clearEvidence(caseId: string | null): Promise<void> {
  return removeWhere((item) => item.case_id === caseId && (caseId !== null || !item.is_memory_only))
}

/** Removes the files of a tip that was left without being sent. */
export function clearTipEvidence(): Promise<void> {
  return removeWhere((item) => item.case_id === null && item.is_memory_only)
}

/** Binds the draft's files to the case they were filed with, ready to go. */
export function bindEvidence(caseId: string, isMemoryOnly: boolean): void {
  for (const item of state.items) {
    if (item.case_id !== null || item.is_memory_only !== isMemoryOnly || item.state === 'refused') continue
    item.case_id = caseId
    item.state = 'queued'
  }
  store()
}

/** Uploads everything that waits, one file after another; `tokenFor` gives the token of a case. */
export async function runUploads(tokenFor: (caseId: string) => string | null): Promise<void> {
  if (running) return
  running++
  try {
    for (let item = nextWaiting(); item; item = nextWaiting()) await uploadItem(item, tokenFor(item.case_id!))
  } finally {
    running--
  }
}

/** Puts a file that did not get through back into the line. */
export function retryEvidence(key: string): void {
  const item = state.items.find((it) => it.key === key)
  if (!item) return
  item.state = 'queued'
  item.reason = ''
  store()
}

/** Puts every file that failed for want of a network back into the line. */
export function retryFailed(): void {
  for (const item of state.items) if (item.state === 'failed' && item.case_id) retryEvidence(item.key)
}

async function removeWhere(isGone: (item: EvidenceItem) => boolean): Promise<void> {
  await Promise.all(state.items.filter(isGone).map((item) => removeEvidence(item.key)))
}

async function addOne(picked: Picked, to: { case_id: string | null; is_memory_only: boolean }): Promise<void> {
  const { max_files, max_bytes } = limits()
  const count = state.items.filter((item) => item.case_id === to.case_id && item.state !== 'refused').length
  const fault = count >= max_files ? words.tooMany(max_files) : picked.size > max_bytes ? words.tooLarge(picked.size, max_bytes) : ''
  const item = reactive<EvidenceItem>({
    key: await randomHex(16),
    ...to,
    name: picked.name,
    size: picked.size,
    mime: picked.mime,
    state: picked.size === 0 || fault ? 'refused' : 'saving',
    percent: 0,
    sha256: '',
    reason: picked.size === 0 ? words.isEmpty : fault,
    received_at: '',
    // only a tip hides where the photo was taken; a complaint's original is proof and is sealed as it came
    is_place_stripped: to.is_memory_only,
  })
  state.items.push(item)
  if (item.state === 'saving') await keepOne(item, picked)
  store()
}

async function keepOne(item: EvidenceItem, picked: Picked): Promise<void> {
  try {
    await keepFile(item.key, picked, item.is_memory_only)
    item.sha256 = await digestOf(item.size, async (offset, length) => {
      item.percent = Math.round((offset / item.size) * 100)
      return readKept(item.key, offset, length)
    })
    item.state = item.case_id ? 'queued' : 'saved'
  } catch {
    item.state = 'refused'
    item.reason = words.phoneFull
  }
}

function nextWaiting(): EvidenceItem | undefined {
  return state.items.find((item) => item.state === 'queued' && item.case_id !== null)
}

async function uploadItem(item: EvidenceItem, token: string | null): Promise<void> {
  item.state = 'uploading'
  try {
    const result = await upload({
      key: item.key,
      case_id: item.case_id!,
      token,
      name: item.name,
      size: item.size,
      sha256: item.sha256,
      is_place_stripped: item.is_place_stripped,
      chunkBytes: limits().chunk_bytes,
      read: (offset, length) => readKept(item.key, offset, length),
      onProgress: (received) => (item.percent = Math.floor((received / item.size) * 100)),
    })
    item.state = result.status === 'sealed' ? 'received' : 'refused'
    item.reason = result.reason ?? ''
    item.received_at = result.received_at ?? ''
    await dropKept(item.key)
  } catch (failure) {
    noteFailure(item, failure)
  }
  store()
}

function noteFailure(item: EvidenceItem, failure: unknown): void {
  const problem = failure as { status?: number; detail?: string }
  const isRefusal = !isPassing(failure) && [413, 415, 422].includes(problem.status ?? 0)
  item.state = isRefusal ? 'refused' : 'failed'
  item.reason = problem.detail || (problem.status ? words.ourFault : isPassing(failure) ? words.cutOff : words.copyGone)
}

/** After a restart: what was under way waits again, what was not yet copied is gone. */
function revive(items: EvidenceItem[]): EvidenceItem[] {
  return items
    .filter((item) => item.state !== 'saving')
    .map((item) => (item.state === 'uploading' ? { ...item, state: 'queued' as const } : item))
}

function store(): void {
  const kept = state.items.filter((item) => !item.is_memory_only)
  // An empty list would still be a trace of someone having been here.
  if (kept.length) writeStored(STORE, kept)
  else dropStored(STORE)
}
