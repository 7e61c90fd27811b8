// A month as weeks from Monday to Sunday, with what is on each day.
import { atBureau } from '@/lib/dates'
import type { Lecture } from '@/api/lectures'

export interface DayCell {
  /** 2026-12-03; empty before the first and after the last day. */
  on: string
  day: number
  count: number
  /** Nothing but cancelled ones on this day. */
  is_off: boolean
  is_today: boolean
}

const WEEK = 7

/** The weeks of a month (2026-12), Monday first; the first and last are filled up with empty cells. */
export function gridOf(month: string, items: Lecture[], today: string): DayCell[][] {
  const [year, number] = month.split('-').map(Number)
  const days = new Date(Date.UTC(year, number, 0)).getUTCDate()
  const lead = (new Date(Date.UTC(year, number - 1, 1)).getUTCDay() + 6) % WEEK
  const cells: DayCell[] = Array.from({ length: lead }, () => cellOf('', 0, [], today))
  for (let day = 1; day <= days; day++) cells.push(cellOf(`${month}-${String(day).padStart(2, '0')}`, day, items, today))
  while (cells.length % WEEK) cells.push(cellOf('', 0, [], today))
  return Array.from({ length: cells.length / WEEK }, (_, week) => cells.slice(week * WEEK, (week + 1) * WEEK))
}

/** The lectures of a day at the bureau. */
export function ofDay(items: Lecture[], on: string): Lecture[] {
  return items.filter((it) => atBureau(it.starts_at).on === on)
}

function cellOf(on: string, day: number, items: Lecture[], today: string): DayCell {
  const own = on ? ofDay(items, on) : []
  return { on, day, count: own.length, is_off: own.length > 0 && own.every((it) => it.state === 'cancelled'), is_today: on !== '' && on === today }
}
