// The form for a lecture at one's own place: what is missing, and what is sent.
import { isMobile, tidyPhone } from '@/lib/phone'
import { parts, sayDate } from '@/lib/dates'
import { order as words } from '@/texts/lectures'
import type { DayPart, Order, OrderIn } from '@/api/lectures'
import type { Fault } from '@/lib/checks'

export interface WishedDay { on: string; part: DayPart | '' }
export const MOST_DAYS = 5
const MOST_PEOPLE = 5000

export const EMPTY_ORDER = {
  org_name: '', org_kind: '' as OrderIn['org_kind'] | '', contact_name: '', phone: '', theme: '', place: '', people: '', about: '',
  wished: [{ on: '', part: '' }] as WishedDay[], key: '', key_of: '',
}
export type OrderForm = typeof EMPTY_ORDER

/** A form nobody has typed in; its days are its own. */
export const emptyOrder = (): OrderForm => ({ ...EMPTY_ORDER, wished: [{ on: '', part: '' }] })

/** What is missing or cannot be right, in the order of the form. */
export function checkOrder(form: OrderForm, today: string): Fault[] {
  const found: Fault[] = []
  const need = (field: 'org_name' | 'org_kind' | 'contact_name' | 'theme' | 'place') => {
    if (!form[field].trim()) found.push({ field, message: words.faults[field] })
  }
  need('org_name')
  need('org_kind')
  need('contact_name')
  if (!isMobile(form.phone)) found.push({ field: 'phone', message: form.phone.trim() ? words.faults.phone : words.faults.noPhone })
  need('theme')
  need('place')
  if (peopleOf(form.people) === null) found.push({ field: 'people', message: words.faults.people })
  return [...found, ...dayFaults(form.wished, today)]
}

/** How many people were typed, or null for what is no number between 1 and 5000. */
export function peopleOf(text: string): number | null {
  const plain = text.normalize('NFKC').replace(/[\s人个]/g, '')
  const count = /^\d{1,4}$/.test(plain) ? Number(plain) : 0
  return count >= 1 && count <= MOST_PEOPLE ? count : null
}

/** What is sent: the form as typed, tidied; empty rows of days left out. */
export function orderOf(form: OrderForm, key: string): OrderIn {
  return {
    key,
    org_name: form.org_name.trim(), org_kind: form.org_kind || 'other', contact_name: form.contact_name.trim(), phone: tidyPhone(form.phone),
    theme: form.theme.trim(), about: form.about.trim(), place: form.place.trim(), people: peopleOf(form.people) ?? 0,
    wished: filled(form.wished).map((it) => ({ on: it.on, part: it.part || 'morning' })),
  }
}

/** 12月3日 周四 下午 */
export function sayWish(wish: Order['wished'][number] | WishedDay, thisYear: number): string {
  return `${sayDate(wish.on, thisYear)} ${wish.part ? words.parts[wish.part] : ''}`
}

function dayFaults(wished: WishedDay[], today: string): Fault[] {
  const days = filled(wished)
  if (!days.length) return [{ field: 'wished.0.on', message: words.faults.noDay }]
  return wished.flatMap((wish, index) => {
    const fault = wish.on || wish.part ? dayFault(wished, index, today) : null
    return fault ? [fault] : []
  })
}

function dayFault(wished: WishedDay[], index: number, today: string): Fault | null {
  const { on, part } = wished[index]
  const day = `wished.${index}.on`
  if (!parts(on) || on <= today) return { field: day, message: on ? words.faults.dayPast : words.faults.noDay }
  if (!part) return { field: `wished.${index}.part`, message: words.faults.noPart }
  return wished.some((it, other) => other < index && it.on === on && it.part === part) ? { field: day, message: words.faults.dayTwice } : null
}

const filled = (wished: WishedDay[]) => wished.filter((it) => it.on !== '')
