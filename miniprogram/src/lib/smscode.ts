// Remembers that a code was just sent, so that going back and forth does not send another.
import type { SmsCodeOut } from '@/api/types'

interface Sent { phone: string; resend_ms: number; expires_ms: number; demo_code: string | null }
let last: Sent | null = null

/** The code still good for this phone, or null; given `sent`, remembers that instead. */
export function lastCode(phone: string, sent?: SmsCodeOut): Sent | null {
  const now = Date.now()
  if (sent) {
    last = { phone, resend_ms: now + sent.resend_after_s * 1000, expires_ms: now + sent.expires_in_s * 1000, demo_code: sent.demo_code ?? null }
  }
  return last && last.phone === phone && last.expires_ms > now ? last : null
}
