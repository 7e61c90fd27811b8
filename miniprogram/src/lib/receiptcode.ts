// Receipt codes as people type them: blanks, dashes, small letters, full width, O for 0 and I or L for 1 are forgiven.

const LENGTH = 16

/** Sixteen signs without dashes, or fewer while typing; anything that is no sign of a code falls away. */
export function tidyCode(text: string): string {
  return text
    .replace(/[！-～]/g, (mark) => String.fromCharCode(mark.charCodeAt(0) - 0xfee0))
    .toUpperCase()
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
    .replace(/[^0-9A-HJKMNP-TV-Z]/g, '')
}

/** Whether this can be a whole code. */
export function isWholeCode(text: string): boolean {
  return tidyCode(text).length === LENGTH
}

/** How many signs are still missing (or, negative, too many). */
export function missingSigns(text: string): number {
  return LENGTH - tidyCode(text).length
}

/** XXXX-XXXX-XXXX-XXXX. */
export function groupCode(text: string): string {
  return tidyCode(text).replace(/(.{4})(?=.)/g, '$1-')
}
