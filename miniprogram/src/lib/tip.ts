// A tip-off (举报) from the form to the receipt; nothing of it is ever written to the phone's storage.
import { ApiProblem, call } from '@/api/call'
import { randomHex } from '@/platform/device'
import { faults as words } from '@/texts/faults'
import { bindEvidence } from './evidence'
import { judge, type Outcome } from './filing'
import { isMobile, tidyPhone } from './phone'
import type { Fault } from './checks'
import type { ReceiptOut, ReportIn } from '@/api/types'

export interface Tip {
  key: string
  who: 'anonymous' | 'named'
  name: string
  phone: string
  reply: 'yes' | 'no'
  employer: string
  place: string
  street: string
  what: string
  people: string
}

let receipt: ReceiptOut | null = null

/** An empty tip: anonymous until someone chooses otherwise. */
export function emptyTip(): Tip {
  return { key: '', who: 'anonymous', name: '', phone: '', reply: 'yes', employer: '', place: '', street: '', what: '', people: '' }
}

/** What is wrong with a tip; very little can be. */
export function checkTip(tip: Tip): Fault[] {
  const found: Fault[] = []
  if (tip.who === 'named') {
    if (!tip.name.trim()) found.push({ field: 'reporter.name', message: words.noName })
    if (!tip.phone.trim()) found.push({ field: 'reporter.phone', message: words.noReporterPhone })
    else if (!isMobile(tip.phone)) found.push({ field: 'reporter.phone', message: words.phoneWrong })
  }
  if (!tip.place.trim()) found.push({ field: 'place', message: words.noReportPlace })
  if (!tip.what.trim()) found.push({ field: 'what', message: words.noReportWhat })
  if (tip.people.trim() && !/^[1-9]\d{0,4}$/.test(tip.people.trim())) found.push({ field: 'people_count', message: words.notAnAmount })
  return found
}

/** The body of POST /reports. */
export function toReportIn(tip: Tip, privacyVersion: string): ReportIn {
  const isAnonymous = tip.who === 'anonymous'
  return {
    privacy_version: privacyVersion,
    is_anonymous: isAnonymous,
    reporter: isAnonymous ? null : { name: tip.name.trim(), phone: tidyPhone(tip.phone), wants_reply: tip.reply === 'yes' },
    employer: { name: tip.employer.trim() || null, is_name_unknown: !tip.employer.trim(), address: null },
    place: tip.place.trim(),
    street: tip.street || null,
    what: tip.what.trim(),
    people_count: tip.people.trim() ? Number(tip.people.trim()) : null,
    happened_from: null,
  }
}

/** Sends the tip without any sign-in; its key makes a repeated tap harmless. */
export async function fileTip(tip: Tip, privacyVersion: string): Promise<Outcome> {
  try {
    tip.key ||= await randomHex(16)
    receipt = await call<ReceiptOut>('POST', '/reports', {
      body: toReportIn(tip, privacyVersion),
      headers: { 'Idempotency-Key': tip.key },
    })
    bindEvidence(receipt.id, true)
    return { kind: 'filed', receipt }
  } catch (failure) {
    // Changed after a lost answer: it is another tip now, and gets another key.
    if (failure instanceof ApiProblem && failure.code === 'same_key_other_content') {
      tip.key = await randomHex(16)
      return fileTip(tip, privacyVersion)
    }
    return judge(failure)
  }
}

/** The receipt of the tip just filed, or null after the page was left or reloaded. */
export function lastTip(): ReceiptOut | null {
  return receipt
}

/** Forgets it. */
export function forgetTip(): void {
  receipt = null
}
