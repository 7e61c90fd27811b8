// What a worker says about the money: checked here, and put into the words of the API.
import { parts, sayDate } from '@/lib/dates'
import { looksLikeExtraZero, tidyAmount, toFen, toYuan } from '@/lib/money'
import { moneyWord as words } from '@/texts/money-word'
import type { Fault } from '@/lib/checks'
import type { PaymentIn } from '@/api/following'

export interface PaymentForm { what: '' | 'all' | 'part' | 'none'; amount: string; on: string; note: string; key: string; key_of: string; accepted_more: string }
export const EMPTY_PAYMENT: PaymentForm = { what: '', amount: '', on: '', note: '', key: '', key_of: '', accepted_more: '' }
/** Received over several months may be more than one month's bound. */
const MOST_YUAN = 100_000_000

/** Faults of the form, in the order of its fields. */
export function checkPayment(form: PaymentForm, owedFen: number, today: string): Fault[] {
  if (!form.what) return [{ field: 'what', message: words.notChosen }]
  if (form.what === 'none') return []
  const found: Fault[] = []
  const amount = form.what === 'part' ? amountFault(form, owedFen) : ''
  if (amount) found.push({ field: 'amount_fen', message: amount })
  if (form.on && !parts(form.on)) found.push({ field: 'paid_on', message: words.noSuchDay })
  else if (form.on > today) found.push({ field: 'paid_on', message: words.dayAhead(sayDate(today)) })
  return found
}

/** The body for the server, without its key. */
export function paymentOf(form: PaymentForm, owedFen: number, isFinal: boolean): Omit<PaymentIn, 'key'> {
  const note = form.note.trim()
  if (form.what === 'none') return { is_paid: false, amount_fen: null, paid_on: null, note: note || null }
  const amount = form.what === 'all' ? owedFen : toFenTotal(form.amount)
  // On a closed case a part is not enough: "not paid" is what opens the case that goes on for the rest.
  const isShort = form.what === 'part' && isFinal && (amount ?? 0) < owedFen
  const part = isShort && amount !== null ? words.partNote(toYuan(amount)) : ''
  return { is_paid: !isShort, amount_fen: amount, paid_on: form.on || null, note: `${part}${note}` || null }
}

/** Yuan as typed to fen; unlike a month's wage it may be a large sum. Null when it is no amount. */
export function toFenTotal(text: string): number | null {
  const tidy = tidyAmount(text)
  const match = /^(\d{1,9})(?:\.(\d{0,2}))?$/.exec(tidy)
  if (!match || Number(match[1]) > MOST_YUAN) return null
  return toFen(tidy) ?? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
}

function amountFault(form: PaymentForm, owedFen: number): string {
  if (!form.amount.trim()) return words.noAmount
  const fen = toFenTotal(form.amount)
  if (fen === null) return words.notAnAmount
  if (fen === 0) return words.amountZero
  const isOdd = fen > owedFen && looksLikeExtraZero(fen, owedFen) && form.accepted_more !== form.amount
  return isOdd ? words.moreThanOwed(toYuan(owedFen)) : ''
}
