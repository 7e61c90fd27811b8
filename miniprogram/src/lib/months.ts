// Months of unpaid work: which ones to offer first, which one comes next, and how a run of them is said.

export const MOST_MONTHS = 36
const PREFILLED = 3

/** YYYY-MM moved by n months. */
export function shiftMonth(month: string, by: number): string {
  const [year, number] = month.split('-').map(Number)
  const index = year * 12 + (number - 1) + by
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`
}

/** The month a date falls in. */
export function monthOf(on: string): string {
  return on.slice(0, 7)
}

/**
 * Months to show before anything is typed: the last three of the employment.
 * Someone still working is not yet owed the running month, unless the work began in it.
 */
export function suggestMonths(fromOn: string, toOn: string | null, today: string): string[] {
  const first = monthOf(fromOn)
  const lastPayable = shiftMonth(monthOf(today), -1)
  const end = toOn ? monthOf(toOn) : lastPayable
  const last = end < first ? first : end
  const months: string[] = []
  for (let month = last; month >= first && months.length < PREFILLED; month = shiftMonth(month, -1)) months.unshift(month)
  return months
}

/** The month 加一个月 adds: the one before the first, then gaps and later ones; null when nothing is left. */
export function nextMonthToAdd(months: string[], fromOn: string, toOn: string | null, today: string): string | null {
  if (months.length >= MOST_MONTHS) return null
  const taken = new Set(months)
  const last = toOn ? monthOf(toOn) : monthOf(today)
  const start = months.length ? [...months].sort()[0] : shiftMonth(last, 1)
  for (let month = shiftMonth(start, -1); month >= monthOf(fromOn); month = shiftMonth(month, -1)) {
    if (!taken.has(month)) return month
  }
  for (let month = start; month <= last; month = shiftMonth(month, 1)) {
    if (!taken.has(month)) return month
  }
  return null
}

/** 2026年7月至9月 for a run, 2026年7月、9月 for single ones; the year is said once. */
export function sayMonths(months: string[]): string {
  const sorted = [...new Set(months)].sort()
  let saidYear = ''
  const say = (month: string) => {
    const [year, number] = month.split('-')
    const prefix = year === saidYear ? '' : `${year}年`
    saidYear = year
    return `${prefix}${Number(number)}月`
  }
  return runs(sorted)
    .map(([first, last]) => (first === last ? say(first) : `${say(first)}至${say(last)}`))
    .join('、')
}

function runs(sorted: string[]): [string, string][] {
  const found: [string, string][] = []
  for (const month of sorted) {
    const current = found[found.length - 1]
    if (current && shiftMonth(current[1], 1) === month) current[1] = month
    else found.push([month, month])
  }
  return found
}
