// Following a case: what the server says about it, and every call a worker can make on it.
import { call } from './call'
import type { DateOut, EvidenceOut, LawRef } from './types'

export interface TimelineEntry {
  at: string
  title: string
  who: string
  text: string
  kind: 'done' | 'now'
  document: { id: number; title: string } | null
  law: LawRef | null
}

export interface Overdue { sentence: string; calls: { label: string; phone: string }[]; limitation: DateOut | null; warning: string }

/** Where a case stands, without anything personal. */
export interface StatusOut {
  number: string
  lane: 'complaint' | 'report'
  state: string
  state_label: string
  headline: string
  what_now: string
  is_final: boolean
  filed_at: string
  dates: DateOut[]
  timeline: TimelineEntry[]
  overdue: Overdue | null
}

export type Action = 'message' | 'supplement' | 'evidence' | 'resupply' | 'appointment' | 'withdraw' | 'undo_withdraw' | 'say_paid'
export interface ClaimOut { month: string; due_fen: number; paid_fen: number; received_fen: number }
export interface MessageOut { id: number; from: 'worker' | 'bureau'; who: string; text: string; at: string }
export interface AppointmentOut { id: number; on_date: string; period: 'am' | 'pm'; how: 'visit' | 'video' }
export interface WithdrawalOut { asked_at: string; takes_effect_at: string }
export interface LinkedOut { id: string; number: string; relation: 'before' | 'after' }
export interface DocumentOut { id: number; kind: string; title: string; number: string; issued_at: string }
export interface DocumentTextOut extends DocumentOut { text: string; law: LawRef | null }

/** A case as its own worker sees it. */
export interface CaseOut extends StatusOut {
  id: string
  received_on: string
  receipt_code: string
  digest: string
  is_phone_verified: boolean
  employer_name: string | null
  place: string
  street: string | null
  work: { from_on: string | null; to_on: string | null; post: string | null }
  claims: ClaimOut[]
  owed_fen: number
  received_fen: number
  request: string | null
  facts: string
  actions: Action[]
  correction: { asked_at: string; items: { id: number; text: string }[] } | null
  appointment: AppointmentOut | null
  withdrawal: WithdrawalOut | null
  outcome: { key: string; label: string; sentence: string } | null
  officers: string[]
  linked: LinkedOut[]
  messages: MessageOut[]
  unread: number
  evidence: EvidenceOut[]
  documents: DocumentOut[]
  version: number
}

export interface Slot { on_date: string; period: 'am' | 'pm'; left: number }
export interface Slots { items: Slot[]; place: { name: string; address?: string | null; phone?: string | null; hours?: string | null } }
export interface GenuineOut { is_genuine: true; lane: 'complaint' | 'report'; number: string; filed_at: string; state_label: string; digest: string }
export interface PaymentIn { is_paid: boolean; amount_fen: number | null; paid_on: string | null; note: string | null; key: string }
type Token = string | null

/** The whole case; ApiProblem 404 when it is not this worker's. */
export const readCase = (id: string, token: Token): Promise<CaseOut> => call('GET', `/complaints/${id}`, { token })

/** A document addressed to the worker, whole. */
export const readDocument = (id: string, documentId: string, token: Token): Promise<DocumentTextOut> => call('GET', `/complaints/${id}/documents/${documentId}`, { token })

/** Writes to the unit; the same key twice is one message. */
export const sendMessage = (id: string, text: string, key: string, token: Token): Promise<MessageOut> => call('POST', `/complaints/${id}/messages`, { token, body: { text, key } })

/** Says that what the bureau wrote has been seen. */
export const markRead = (id: string, token: Token): Promise<void> => call('POST', `/complaints/${id}/messages/read`, { token })

/** Adds to what was filed; the same key twice is one supplement. */
export const addSupplement = (id: string, text: string, key: string, token: Token): Promise<{ id: number; at: string }> => call('POST', `/complaints/${id}/supplements`, { token, body: { text, key } })

/** Answers every item of the correction notice at once. */
export const answerCorrection = (id: string, items: { id: number; text: string }[], token: Token): Promise<CaseOut> => call('POST', `/complaints/${id}/resupply`, { token, body: { items } })

/** Half days at which the complaint can be confirmed. */
export const readSlots = (id: string, token: Token): Promise<Slots> => call('GET', `/complaints/${id}/appointment-slots`, { token })

/** Books a half day; a second booking replaces the first. ApiProblem `full` or `confirmed`. */
export const book = (id: string, body: { on_date: string; period: 'am' | 'pm'; how: 'visit' | 'video' }, token: Token): Promise<AppointmentOut> => call('POST', `/complaints/${id}/appointments`, { token, body })

/** Gives the half day back. */
export const cancelBooking = (id: string, appointmentId: number, token: Token): Promise<void> => call('DELETE', `/complaints/${id}/appointments/${appointmentId}`, { token })

/** Asks to withdraw; asked twice, the first moment stands. */
export const askWithdrawal = (id: string, reason: string | null, token: Token): Promise<WithdrawalOut> => call('POST', `/complaints/${id}/withdrawal`, { token, body: { has_read_consequence: true, reason } })

/** Takes the withdrawal back. */
export const undoWithdrawal = (id: string, token: Token): Promise<void> => call('DELETE', `/complaints/${id}/withdrawal`, { token })

/** Says whether money came; after closing, "not" opens a linked case. */
export const sayPaid = (id: string, body: PaymentIn, token: Token): Promise<{ linked_case: LinkedOut | null }> => call('POST', `/complaints/${id}/payments`, { token, body })

/** Where a case stands, by receipt code and the telephone's last four digits. */
export const lookUp = (code: string, phoneTail: string): Promise<StatusOut> => call('POST', '/receipt-lookups', { body: { code, phone_tail: phoneTail } })

/** Whether a receipt is genuine. */
export const checkReceipt = (code: string): Promise<GenuineOut> => call('GET', `/receipts/${encodeURIComponent(code)}`)
