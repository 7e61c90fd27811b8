// Following a case: what the server says about it, and every call a worker can make on it.
import { call } from './call'
import type { components } from './api.gen'

type Shapes = components['schemas']

export type CaseOut = Shapes['CaseOut']
/** Where a case stands, without anything personal. */
export type StatusOut = Shapes['StatusOut']
export type TimelineEntry = Shapes['EntryOut']
export type Overdue = Shapes['OverdueOut']
export type ClaimOut = Shapes['ClaimOut']
export type MessageOut = Shapes['MessageOut']
export type AppointmentOut = Shapes['AppointmentOut']
export type WithdrawalOut = Shapes['WithdrawalOut']
export type LinkedOut = Shapes['LinkedOut']
export type DocumentTextOut = Shapes['DocumentTextOut']
export type Slot = Shapes['SlotOut']
export type Slots = Shapes['SlotsOut']
export type GenuineOut = Shapes['GenuineOut']
export type PaymentIn = Shapes['PaymentIn']
/** What the server may list in `actions`; the document only says text. */
export type Action = 'message' | 'supplement' | 'evidence' | 'resupply' | 'appointment' | 'withdraw' | 'undo_withdraw' | 'say_paid'
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
export const addSupplement = (id: string, text: string, key: string, token: Token): Promise<Shapes['SupplementOut']> => call('POST', `/complaints/${id}/supplements`, { token, body: { text, key } })

/** Answers every item of the correction notice at once. */
export const answerCorrection = (id: string, items: Shapes['AnswerIn'][], token: Token): Promise<CaseOut> => call('POST', `/complaints/${id}/resupply`, { token, body: { items } })

/** Half days at which the complaint can be confirmed. */
export const readSlots = (id: string, token: Token): Promise<Slots> => call('GET', `/complaints/${id}/appointment-slots`, { token })

/** Books a half day; a second booking replaces the first. ApiProblem `full` or `confirmed`. */
export const book = (id: string, body: Shapes['AppointmentIn'], token: Token): Promise<AppointmentOut> => call('POST', `/complaints/${id}/appointments`, { token, body })

/** Gives the half day back. */
export const cancelBooking = (id: string, appointmentId: number, token: Token): Promise<void> => call('DELETE', `/complaints/${id}/appointments/${appointmentId}`, { token })

/** Asks to withdraw; asked twice, the first moment stands. */
export const askWithdrawal = (id: string, reason: string | null, token: Token): Promise<WithdrawalOut> => call('POST', `/complaints/${id}/withdrawal`, { token, body: { has_read_consequence: true, reason } })

/** Takes the withdrawal back. */
export const undoWithdrawal = (id: string, token: Token): Promise<void> => call('DELETE', `/complaints/${id}/withdrawal`, { token })

/** Says whether money came; after closing, "not" opens a linked case. */
export const sayPaid = (id: string, body: PaymentIn, token: Token): Promise<Shapes['PaymentOut']> => call('POST', `/complaints/${id}/payments`, { token, body })

/** Where a case stands, by receipt code and the telephone's last four digits. */
export const lookUp = (code: string, phoneTail: string): Promise<StatusOut> => call('POST', '/receipt-lookups', { body: { code, phone_tail: phoneTail } })

/** Whether a receipt is genuine. */
export const checkReceipt = (code: string): Promise<GenuineOut> => call('GET', `/receipts/${encodeURIComponent(code)}`)
