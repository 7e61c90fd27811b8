// The complaint being written: kept on this phone after every field, for as long as the bureau says, and nowhere else.
import { reactive, watch } from 'vue'
import { dropStored, readStored, writeStored } from '@/platform/storage'
import { randomHex } from '@/platform/device'
import { sayMonths, suggestMonths } from './months'
import { parts } from './dates'
import { toFen, toYuan } from './money'
import type { AgeGroup, Contract, Place, PriorStep, WorkerKind } from '@/api/types'

const STORE = 'draft.complaint'
/** Raised when the shape below changes: an older draft is then read as far as it fits. */
const SCHEMA = 1
const DAY_MS = 86_400_000

export interface MoneyRow {
  month: string
  due: string
  paid: string
  /** The 该发 the person said is right when asked about one zero too many. */
  sure_due?: string
}

export interface Draft {
  schema: number
  key: string
  started_ms: number
  step: number
  privacy_version: string
  has_screened: boolean
  screening: {
    place: Place
    other_district: string
    prior_steps: PriorStep[]
    age_group: AgeGroup
    worker_kind: WorkerKind
  }
  claimant: { name: string; phone: string; service_address: string }
  employer: { employer_id: number | null; name: string; is_name_unknown: boolean; address: string; phone: string; contact: string }
  work: { from_on: string; to_on: string; contract: Contract; post: string; street: string; place: string }
  rows: MoneyRow[]
  request: string
  is_request_own: boolean
  facts: string
  is_waiting: boolean
  /** What was said in the chat about the money: the months are known, and what a month brings. */
  said: { has_months: boolean; due: string }
}

/** A new, empty draft with the answers most people give already chosen. */
export function emptyDraft(nowMs: number): Draft {
  return {
    schema: SCHEMA,
    key: '',
    started_ms: nowMs,
    step: 0,
    privacy_version: '',
    has_screened: false,
    screening: { place: 'here', other_district: '', prior_steps: [], age_group: '18_59', worker_kind: 'employee' },
    claimant: { name: '', phone: '', service_address: '' },
    employer: { employer_id: null, name: '', is_name_unknown: false, address: '', phone: '', contact: '' },
    work: { from_on: '', to_on: '', contract: 'unsure', post: '', street: '', place: '' },
    rows: [],
    request: '',
    is_request_own: false,
    facts: '',
    is_waiting: false,
    said: { has_months: false, due: '' },
  }
}

/** A stored draft made whole, or an empty one when there is none or its days are over. */
export function reviveDraft(stored: Partial<Draft> | null, nowMs: number, keepDays: number): Draft {
  const fresh = emptyDraft(nowMs)
  if (!stored || typeof stored.started_ms !== 'number' || nowMs - stored.started_ms > keepDays * DAY_MS) return fresh
  return {
    ...fresh,
    ...stored,
    schema: SCHEMA,
    screening: { ...fresh.screening, ...stored.screening },
    claimant: { ...fresh.claimant, ...stored.claimant },
    employer: { ...fresh.employer, ...stored.employer },
    work: { ...fresh.work, ...stored.work },
    said: { ...fresh.said, ...stored.said },
  }
}

/** Whether anything of a person's own has been put in. */
export function isStarted(draft: Draft): boolean {
  const typed = [draft.claimant.name, draft.claimant.phone, draft.claimant.service_address, draft.employer.name, draft.work.from_on, draft.facts]
  return draft.step > 0 || draft.has_screened || typed.some((text) => text !== '')
}

/** Days the draft still stays, counted up. */
export function daysLeft(draft: Draft, nowMs: number, keepDays: number): number {
  return Math.max(0, Math.ceil((draft.started_ms + keepDays * DAY_MS - nowMs) / DAY_MS))
}

/** Total still owed, in fen; null while any row cannot be read or says more was paid than due. */
export function owedFen(rows: MoneyRow[]): number | null {
  let sum = 0
  for (const row of rows) {
    const due = toFen(row.due)
    const paid = toFen(row.paid)
    if (due === null || paid === null || paid > due) return null
    sum += due - paid
  }
  return sum
}

/** The request sentence made from the rows; empty until they can be added up. */
export function suggestRequest(rows: MoneyRow[]): string {
  const owed = owedFen(rows)
  if (owed === null || owed === 0) return ''
  const unpaid = rows.filter((row) => (toFen(row.due) ?? 0) > (toFen(row.paid) ?? 0)).map((row) => row.month)
  return `请责令单位付清我${sayMonths(unpaid)}的工资，共 ${toYuan(owed)} 元。`
}

/** Fits the months to the work's dates as long as nobody has named months or typed money; then they are the person's own. */
export function fitMonths(draft: Draft, today: string): void {
  const { from_on, to_on } = draft.work
  const isUntouched = !draft.said.has_months && draft.rows.every((row) => row.due === draft.said.due)
  if (!isUntouched || !parts(from_on) || from_on > today) return
  draft.rows = suggestMonths(from_on, parts(to_on) ? to_on : null, today).map((month) => ({ month, due: draft.said.due, paid: '0' }))
  refreshRequest(draft)
}

/** Writes the request anew from the months, unless the person wrote it. */
export function refreshRequest(draft: Draft): void {
  if (!draft.is_request_own) draft.request = suggestRequest(draft.rows)
}

const KEEP_DAYS_UNTIL_TOLD = 30
const kept = reactive({ is_lost: false })
const draft = reactive(reviveDraft(readStored<Draft>(STORE), Date.now(), KEEP_DAYS_UNTIL_TOLD))
let isSaving = isStarted(draft)

// Synchronous: the phone may be killed right after a key press.
watch(draft, () => isSaving && save(), { deep: true, flush: 'sync' })

function save(): void {
  kept.is_lost = !writeStored(STORE, draft)
}

/** The one draft of this phone, reactive; every change to it is stored at once. */
export function useDraft(): { draft: Draft; kept: { is_lost: boolean } } {
  return { draft, kept }
}

/** Begins keeping the draft and gives it its key of 128 random bits. */
export async function beginDraft(privacyVersion: string): Promise<void> {
  isSaving = true
  draft.privacy_version = privacyVersion
  if (!draft.key) draft.key = await randomHex(16)
  save()
}

/** Forgets the draft, on the phone and in memory. */
export function clearDraft(): void {
  isSaving = false
  Object.assign(draft, emptyDraft(Date.now()))
  dropStored(STORE)
  kept.is_lost = false
}
