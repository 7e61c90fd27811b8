// Telephone numbers as people type them: blanks, dashes, +86 and full-width digits are forgiven.

/** Digits only, without the country code; what is not a digit at all stays, so that the check can refuse it. */
export function tidyPhone(text: string): string {
  return text
    .replace(/[０-９＋]/g, (mark) => String.fromCharCode(mark.charCodeAt(0) - 0xfee0))
    .replace(/[\s\u00a0()（）—–-]/g, '')
    .replace(/^(\+|00)?86(?=1\d{10}$)/, '')
}

/** A mainland mobile number. */
export function isMobile(text: string): boolean {
  return /^1[3-9]\d{9}$/.test(tidyPhone(text))
}

/** 138 0000 2671. */
export function spacePhone(text: string): string {
  return tidyPhone(text).replace(/^(\d{3})(\d{4})(\d{4})$/, '$1 $2 $3')
}
