// Dates without times (YYYY-MM-DD in the bureau's time zone) and how they are said: always with the weekday.

const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']
const BUREAU_OFFSET_MINUTES = 8 * 60

export interface DateParts { year: number; month: number; day: number; weekday: string }

/** Parts of a date; null when the text is no real day (2026-02-30). */
export function parts(on: string): DateParts | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(on)
  if (!match) return null
  const [year, month, day] = match.slice(1).map(Number)
  const at = new Date(Date.UTC(year, month - 1, day))
  if (at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day) return null
  return { year, month, day, weekday: WEEKDAYS[at.getUTCDay()] }
}

/** 11月30日 周一; with the year when asked for or when it is another year than `thisYear`. */
export function sayDate(on: string, thisYear?: number): string {
  const it = parts(on)
  if (!it) return on
  const year = thisYear !== undefined && thisYear !== it.year ? `${it.year}年` : ''
  return `${year}${it.month}月${it.day}日 ${it.weekday}`
}

/** 2026年11月30日. */
export function sayFullDate(on: string): string {
  const it = parts(on)
  return it ? `${it.year}年${it.month}月${it.day}日` : on
}

/** A moment (ISO, UTC) as the bureau's date and clock: { on: 2026-11-23, time: 14:32 }. */
export function atBureau(moment: string): { on: string; time: string } {
  const local = new Date(new Date(moment).getTime() + BUREAU_OFFSET_MINUTES * 60_000).toISOString()
  return { on: local.slice(0, 10), time: local.slice(11, 16) }
}

/** Today's date at the bureau, from a moment in milliseconds. */
export function bureauToday(nowMs: number): string {
  return atBureau(new Date(nowMs).toISOString()).on
}

/** Calendar days from one date to another (0 for the same day). */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)
}

/** 11月23日 周一 14:32 at the bureau. */
export function sayMoment(moment: string, thisYear: number): string {
  const at = atBureau(moment)
  return `${sayDate(at.on, thisYear)} ${at.time}`
}
