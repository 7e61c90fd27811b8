// What is wrong with a receipt code as typed, and the words for each way a look-up can fail.
import { ApiProblem } from '@/api/call'
import { missingSigns } from '@/lib/receiptcode'
import { lookup as words } from '@/texts/lookup'

/** The fault of a code, or an empty string. */
export function codeFault(text: string): string {
  if (!text.trim()) return words.noCode
  const missing = missingSigns(text)
  if (missing === 0) return ''
  return missing > 0 ? words.codeShort(missing) : words.codeLong(-missing)
}

/** The last four digits as typed, full width forgiven. */
export function tidyTail(text: string): string {
  return text.replace(/[０-９]/g, (mark) => String.fromCharCode(mark.charCodeAt(0) - 0xfee0)).trim()
}

/** Title and text for a failed look-up. */
export function failureWords(reason: unknown): { title: string; text: string } {
  if (!(reason instanceof ApiProblem)) return { title: words.offlineTitle, text: words.offline }
  if (reason.status === 404) return { title: words.notFoundTitle, text: words.notFound }
  if (reason.status === 429) return { title: words.tooManyTitle, text: words.tooMany }
  if (reason.status === 422) return { title: words.notFoundTitle, text: reason.detail }
  return { title: words.oursTitle, text: words.ours }
}
