// Who is signed in on this phone: the worker's token, and a token per case filed without signing in.
import { reactive } from 'vue'
import { call } from '@/api/call'
import { dropStored, readStored, writeStored } from '@/platform/storage'
import { platformSignIn } from '@/platform/signin'
import { readTurns } from '@/api/chat'
import { forgetChat, useConversation } from './chatkept'
import { forgetSeen } from './lastseen'
import { forgetTyped } from './typed'
import type { ReceiptOut, SignedIn, SmsCodeOut } from '@/api/types'

export interface Session { token: string; expires_at: string; phone_masked: string | null; is_phone_verified: boolean }

/** What this phone remembers of a filing: enough to find it again, nothing about employer, amount or phone. */
export interface Filing { id: string; number: string; lane: ReceiptOut['lane']; receipt: ReceiptOut }

const SESSION = 'session'
const FILINGS = 'filings'
const MOST_FILINGS = 20

const state = reactive({
  session: readStored<Session>(SESSION),
  filings: readStored<Filing[]>(FILINGS) ?? [],
})

/** The signed-in state, reactive. */
export function useSession(): { readonly session: Session | null; readonly filings: Filing[] } {
  return state
}

/** The worker's token while it is valid, else null; signing in counts in every open tab. */
export function workerToken(nowMs = Date.now()): string | null {
  state.session ??= readStored<Session>(SESSION)
  const { session } = state
  return session && Date.parse(session.expires_at) > nowMs ? session.token : null
}

/** The token that opens a case: the worker's own, or the one given when it was filed without signing in. */
export function tokenFor(caseId: string): string | null {
  const filing = filingsHere().find((it) => it.id === caseId)
  return filing?.receipt.case_token ?? workerToken()
}

/** Has a code sent by SMS. Rejects with ApiProblem sms_unavailable or 429. */
export function sendCode(phone: string): Promise<SmsCodeOut> {
  return call('POST', '/sign-in/sms-codes', { body: { phone } })
}

/** Signs in with phone and code; rejects with ApiProblem wrong_code. */
export async function signInByPhone(phone: string, code: string): Promise<void> {
  keep(await call<SignedIn>('POST', '/sign-in/phone', { body: { phone, code } }))
}

/** Signs in the way the platform can without asking (WeChat); false where it cannot. */
export async function signInQuietly(): Promise<boolean> {
  const code = await platformSignIn()
  if (!code) return false
  keep(await call<SignedIn>('POST', '/sign-in/wechat', { body: { code } }))
  return true
}

/** Forgets the session here, without asking the server (it has already ended there). */
export function forgetSession(): void {
  state.session = null
  dropStored(SESSION)
  forgetSeen() // what only the signed-in person may read
}

/** Forgets the token of a case that the server no longer knows: the case's own, else the worker's. */
export function forgetTokenFor(caseId: string): void {
  const filing = state.filings.find((it) => it.id === caseId)
  if (!filing?.receipt.case_token) return forgetSession()
  filing.receipt.case_token = null
  writeStored(FILINGS, state.filings)
}

/** Ends the session on the server and here; here even when the server cannot be reached. Filings stay: see leaving. */
export async function signOut(): Promise<void> {
  const token = workerToken()
  forgetSession()
  forgetTyped()
  forgetChat()
  if (token) await call('DELETE', '/me/sessions/current', { token })
}

/** Remembers a receipt on this phone, newest first. */
export function rememberFiling(receipt: ReceiptOut): void {
  const others = filingsHere().filter((it) => it.id !== receipt.id)
  state.filings = [{ id: receipt.id, number: receipt.number, lane: receipt.lane, receipt }, ...others].slice(0, MOST_FILINGS)
  writeStored(FILINGS, state.filings)
}

/** Forgets every filing on this phone (a borrowed phone); the cases themselves go on. */
export function forgetFilings(): void {
  state.filings = []
  dropStored(FILINGS)
}

/** This tab's filings and those of other tabs since it was opened. */
export function filingsHere(): Filing[] {
  const others = (readStored<Filing[]>(FILINGS) ?? []).filter((it) => !state.filings.some((own) => own.id === it.id))
  return [...state.filings, ...others]
}

/** What was asked here before is this worker's now: the answer of a person reaches them by message too. */
function takeTalkAlong(token: string): void {
  const { key } = useConversation()
  // Where it does not get through, opening the chat does the same.
  if (key) void readTurns({ key, token }, null).catch(() => undefined)
}

function keep(signedIn: SignedIn): void {
  state.session = { token: signedIn.token, expires_at: signedIn.expires_at, ...signedIn.worker }
  writeStored(SESSION, state.session)
  takeTalkAlong(signedIn.token)
}

/** Proves one's own telephone with a code of WeChat's button; rejects with ApiProblem phone_taken and others. */
export async function provePhone(code: string): Promise<void> {
  const who = await call<SignedIn['worker']>('POST', '/me/phone-by-code', { token: workerToken(), body: { code } })
  if (!state.session) return
  state.session = { ...state.session, ...who }
  writeStored(SESSION, state.session)
}
