// Money as typed by people: yuan text to integer fen and back, with a guess at the usual slip.

export const MOST_YUAN_A_MONTH = 1_000_000
/** Above this a month's wage is worth a second look, though it may be true. */
const UNUSUAL_FEN = 5_000_000

/** Full-width digits, points and commas become half-width; blanks, commas and 元/¥ go away. */
export function tidyAmount(text: string): string {
  return text
    .replace(/[０-９．，]/g, (mark) => String.fromCharCode(mark.charCodeAt(0) - 0xfee0))
    .replace(/。/g, '.')
    .replace(/[\s,，、¥￥元]/g, '')
}

/** Yuan as typed to integer fen; null when it is not an amount (empty, negative, three decimals, over the bound). */
export function toFen(text: string): number | null {
  const tidy = tidyAmount(text)
  if (!/^\d{1,9}(\.\d{0,2})?$/.test(tidy)) return null
  const [yuan, cents = ''] = tidy.split('.')
  const fen = Number(yuan) * 100 + Number(cents.padEnd(2, '0'))
  return fen > MOST_YUAN_A_MONTH * 100 ? null : fen
}

/** Fen as people read it: 1750000 is 17,500; 1050 is 10.50. */
export function toYuan(fen: number): string {
  const yuan = Math.floor(fen / 100).toString().replace(/\B(?=(\d{3})+$)/g, ',')
  const cents = fen % 100
  return cents === 0 ? yuan : `${yuan}.${String(cents).padStart(2, '0')}`
}

/** Whether `high` looks like `low` with one zero too many, or is far above any usual monthly wage. */
export function looksLikeExtraZero(highFen: number, lowFen: number): boolean {
  return (lowFen > 0 && highFen >= lowFen * 8) || highFen > UNUSUAL_FEN
}
