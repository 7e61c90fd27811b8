// What is wrong on a step of the form, in plain words; field names are those of the API, so server errors land on the same fields.
import { isMobile, tidyPhone } from './phone'
import { looksLikeExtraZero, toFen, toYuan } from './money'
import { monthOf } from './months'
import { parts, sayDate, sayFullDate } from './dates'
import { faults as words } from '@/texts/faults'
import type { Draft, MoneyRow } from './draft'

export const STEPS = ['who', 'employer', 'work', 'money', 'facts', 'evidence', 'review'] as const
export type Step = (typeof STEPS)[number]

/** So many times the usual is more likely a slip than a good month. */
const MUCH = 8

export interface Fault {
  field: string
  message: string
  /** Shorter line for the summary at the top. */
  brief?: string
  repair?: 'delete_month' | 'change_leaving' | 'copy_due' | 'drop_zero'
}

/** Faults of one step, in the order of the fields on the screen. */
export function check(step: Step, draft: Draft, today: string): Fault[] {
  switch (step) {
    case 'who': return checkWho(draft)
    case 'employer': return checkEmployer(draft)
    case 'work': return checkWork(draft, today)
    case 'money': return checkMoney(draft, today)
    case 'facts': return checkFacts(draft)
    default: return []
  }
}

/** The step a field of the API belongs to. */
export function stepOf(field: string): Step {
  if (field.startsWith('claimant')) return 'who'
  if (field.startsWith('employer')) return 'employer'
  if (field.startsWith('work') || field.startsWith('screening')) return 'work'
  if (field.startsWith('claims') || field === 'request') return 'money'
  if (field === 'facts') return 'facts'
  return 'review'
}

/** The first step that still has a fault, or null when all can be sent. */
export function firstFaultyStep(draft: Draft, today: string): Step | null {
  return STEPS.find((step) => check(step, draft, today).length > 0) ?? null
}

function checkWho({ claimant }: Draft): Fault[] {
  const found: Fault[] = []
  if (!claimant.name.trim()) found.push({ field: 'claimant.name', message: words.noName })
  if (!claimant.phone.trim()) found.push({ field: 'claimant.phone', message: words.noPhone })
  else if (!isMobile(claimant.phone)) found.push({ field: 'claimant.phone', message: phoneFault(claimant.phone) })
  if (!claimant.service_address.trim()) found.push({ field: 'claimant.service_address', message: words.noAddress })
  return found
}

function phoneFault(typed: string): string {
  const digits = tidyPhone(typed)
  if (/^\d+$/.test(digits) && digits.length !== 11) return words.phoneLength(digits.length)
  return words.phoneWrong
}

function checkEmployer({ employer }: Draft): Fault[] {
  if (employer.is_name_unknown || employer.name.trim()) return []
  return [{ field: 'employer.name', message: words.noEmployer }]
}

function checkWork({ work }: Draft, today: string): Fault[] {
  const found: Fault[] = []
  if (!parts(work.from_on)) found.push({ field: 'work.from_on', message: words.noFrom })
  else if (work.from_on > today) found.push({ field: 'work.from_on', message: words.inFuture(sayDate(today)) })
  if (work.to_on && !parts(work.to_on)) found.push({ field: 'work.to_on', message: words.noSuchDay })
  else if (work.to_on > today) found.push({ field: 'work.to_on', message: words.leavingInFuture })
  else if (work.to_on && work.to_on < work.from_on) found.push({ field: 'work.to_on', message: words.leavingBeforeStart })
  if (!work.place.trim()) found.push({ field: 'work.place', message: words.noPlace })
  return found
}

function checkMoney(draft: Draft, today: string): Fault[] {
  if (draft.rows.length === 0) return [{ field: 'claims', message: words.noMonths }]
  const found = draft.rows.flatMap((row, index) => checkRow(row, index, draft, today))
  if (found.length) return found
  const doubts = doubtDues(draft.rows)
  if (doubts.length) return doubts
  const sum = draft.rows.reduce((total, row) => total + toFen(row.due)! - toFen(row.paid)!, 0)
  if (sum === 0) return [{ field: 'claims.0.due_fen', message: words.nothingOwed }]
  if (!draft.request.trim()) return [{ field: 'request', message: words.noRequest }]
  return []
}

function checkRow(row: MoneyRow, index: number, draft: Draft, today: string): Fault[] {
  const month = `${Number(row.month.slice(5))}月`
  const at = (name: string) => `claims.${index}.${name}`
  const outside = monthFault(row, draft, today)
  if (outside) return [{ field: at('month'), ...outside, brief: `${month}：${outside.brief}` }]
  const due = toFen(row.due)
  const paid = toFen(row.paid)
  if (due === null) return [amountFault(at('due_fen'), month, row.due, words.noDue)]
  if (paid === null) return [amountFault(at('paid_fen'), month, row.paid, words.noPaid)]
  if (paid > due) {
    const guess = looksLikeExtraZero(paid, due) ? words.extraZero : ''
    return [{ field: at('paid_fen'), message: words.paidMore(toYuan(paid), toYuan(due)) + guess, brief: `${month}：${words.paidMoreBrief}` }]
  }
  return []
}

/** Months whose 该发 may have one zero too many: a question each amount is asked once, until the person says that it is right. */
function doubtDues(rows: MoneyRow[]): Fault[] {
  const dues = rows.map((row) => toFen(row.due)!)
  const settled = new Set(dues.filter((_due, index) => rows[index].sure_due === rows[index].due))
  return dues.flatMap((due, index) => {
    const usual = usualOf(dues.filter((_it, other) => other !== index))
    const isFarAbove = usual !== null && due >= usual * MUCH
    if (settled.has(due) || !(isFarAbove || looksLikeExtraZero(due, 0))) return []
    settled.add(due)
    const told = isFarAbove ? words.dueFarAbove(toYuan(due), toYuan(usual)) : words.dueUnusual(toYuan(due))
    const month = `${Number(rows[index].month.slice(5))}月`
    return [{ field: `claims.${index}.due_fen`, message: told + words.extraZero, brief: `${month}：${words.extraZero}`, repair: 'drop_zero' as const }]
  })
}

/** What the other months usually bring; null where they cannot tell, as when the only other one was a month of a few days. */
function usualOf(others: number[]): number | null {
  const sorted = others.filter((due) => due > 0).sort((a, b) => a - b)
  return sorted.length < 2 ? null : sorted[Math.floor(sorted.length / 2)]
}

function amountFault(field: string, month: string, typed: string, whenEmpty: string): Fault {
  const message = typed.trim() === '' ? whenEmpty : words.notAnAmount
  return { field, message, brief: `${month}：${message}` }
}

function monthFault(row: MoneyRow, { work }: Draft, today: string): { message: string; brief: string; repair: Fault['repair'] } | null {
  if (row.month > monthOf(today)) return { message: words.monthAhead, brief: words.monthAhead, repair: 'delete_month' }
  if (work.from_on && row.month < monthOf(work.from_on)) {
    return { message: words.beforeStart(sayFullDate(work.from_on)), brief: words.beforeStart(sayFullDate(work.from_on)), repair: 'delete_month' }
  }
  if (work.to_on && row.month > monthOf(work.to_on)) {
    return { message: words.afterLeaving(sayFullDate(work.to_on)), brief: words.afterLeaving(sayFullDate(work.to_on)), repair: 'delete_month' }
  }
  return null
}

function checkFacts({ facts }: Draft): Fault[] {
  return facts.trim() ? [] : [{ field: 'facts', message: words.noFacts }]
}
