// Filing the complaint: what is sent, and every way it can end, so that the page never has to guess.
import { ApiProblem, call, isPassing, spokenCode } from '@/api/call'
import { clientName } from '@/platform/device'
import { NetworkFailure } from '@/platform/http'
import { bindEvidence } from './evidence'
import { clearDraft, type Draft } from './draft'
import { forgetSession, rememberFiling, workerToken } from './session'
import { tidyPhone } from './phone'
import { toFen } from './money'
import type { ComplaintIn, FieldError, ReceiptOut } from '@/api/types'

export type Outcome =
  | { kind: 'filed'; receipt: ReceiptOut }
  | { kind: 'conflict'; case_id: string; number: string }
  | { kind: 'wrong'; errors: FieldError[]; detail: string }
  | { kind: 'signed_out' }
  | { kind: 'offline' }
  | { kind: 'failed'; detail: string; spoken: string }

/** The body of POST /complaints; the draft must have passed every check. */
export function toComplaintIn(draft: Draft): ComplaintIn {
  const { screening, claimant, employer, work } = draft
  const orNull = (text: string) => text.trim() || null
  return {
    privacy_version: draft.privacy_version,
    screening: {
      ...screening,
      prior_steps: [...screening.prior_steps],
      other_district: screening.place === 'elsewhere' ? orNull(screening.other_district) : null,
      contract: work.contract,
      is_still_working: work.to_on === '',
    },
    claimant: {
      name: claimant.name.trim(),
      phone: tidyPhone(claimant.phone),
      service_address: claimant.service_address.trim(),
    },
    employer: {
      employer_id: employer.is_name_unknown ? null : employer.employer_id,
      name: orNull(employer.name),
      is_name_unknown: employer.is_name_unknown,
      address: orNull(employer.address),
      phone: orNull(tidyPhone(employer.phone)),
      contact: orNull(employer.contact),
    },
    work: {
      from_on: work.from_on,
      to_on: work.to_on || null,
      post: orNull(work.post),
      street: orNull(work.street),
      place: work.place.trim(),
    },
    claims: draft.rows.map((row) => ({ month: row.month, due_fen: toFen(row.due) ?? 0, paid_fen: toFen(row.paid) ?? 0 })),
    request: draft.request.trim(),
    facts: draft.facts.trim(),
  }
}

/**
 * Sends the draft under its own key: sent fifty times it makes one complaint.
 * When it is filed, the receipt is remembered, the evidence bound to the case and the draft forgotten.
 */
export async function fileComplaint(draft: Draft): Promise<Outcome> {
  try {
    const receipt = await call<ReceiptOut>('POST', '/complaints', {
      body: toComplaintIn(draft),
      token: workerToken(),
      headers: { 'Idempotency-Key': draft.key, 'X-Client': clientName() },
    })
    rememberFiling(receipt)
    bindEvidence(receipt.id, false)
    clearDraft()
    return { kind: 'filed', receipt }
  } catch (failure) {
    return judge(failure)
  }
}

/** Sends later edits of a complaint already filed as a supplement to it. */
export async function supplement(caseId: string, token: string | null, draft: Draft, key: string): Promise<void> {
  await call('POST', `/complaints/${caseId}/supplements`, { token, body: { text: asText(draft), key } })
}

/** What a failed attempt means for the person. */
export function judge(failure: unknown): Outcome {
  if (failure instanceof NetworkFailure) return { kind: 'offline' }
  if (failure instanceof ApiProblem && failure.status === 401) {
    forgetSession()
    return { kind: 'signed_out' }
  }
  if (failure instanceof ApiProblem && failure.code === 'same_key_other_content') {
    return { kind: 'conflict', case_id: String(failure.extra.case_id), number: String(failure.extra.number) }
  }
  if (failure instanceof ApiProblem && !isPassing(failure) && failure.errors.length) {
    return { kind: 'wrong', errors: failure.errors, detail: failure.detail }
  }
  const detail = failure instanceof ApiProblem ? failure.detail : ''
  return { kind: 'failed', detail, spoken: spokenCode(failure, Date.now()) }
}

/** The draft in sentences, for a supplement read by a person. */
export function asText(draft: Draft): string {
  const body = toComplaintIn(draft)
  const months = body.claims.map((line) => `${line.month} 该发 ${line.due_fen / 100} 元，发了 ${line.paid_fen / 100} 元`)
  const lines = [
    `单位：${body.employer.name ?? '不知道全名'}；${body.employer.address ?? ''}`,
    `干活：${body.work.from_on} 至 ${body.work.to_on ?? '现在'}；${body.work.place}`,
    ...months,
    `请求：${body.request}`,
    `经过：${body.facts}`,
  ]
  return lines.join('\n').slice(0, 5000)
}
