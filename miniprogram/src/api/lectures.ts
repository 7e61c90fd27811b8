// Lectures: what the server says about them, and every call of somebody who listens or asks us to come.
import { call } from './call'
import type { components } from './api.gen'

type Shapes = components['schemas']

export type Lecture = Shapes['LectureOut']
export type LectureDetail = Shapes['LectureDetailOut']
export type Lectures = Shapes['LecturesOut']
export type Material = Shapes['MaterialOut']
export type OwnBooking = Shapes['OwnBookingOut']
export type Booking = Shapes['BookingOut']
export type Booked = Shapes['BookedOut']
export type Listed = Shapes['OwnBookingListItemOut']
export type ListedPage = Shapes['OwnBookingsOut']
export type BookIn = Shapes['BookIn']
export type FeedbackIn = Shapes['FeedbackIn']
export type Order = Shapes['OrderOut']
export type OrderIn = Shapes['OrderIn']
export type Audience = Lecture['audiences'][number]
export type DayPart = OrderIn['wished'][number]['part']
export type Verdict = FeedbackIn['verdict']
export type OrderVerdict = NonNullable<Order['verdict']>
type Token = string | null

const after = (path: string, cursor: string | null | undefined) => (cursor ? `${path}?cursor=${encodeURIComponent(cursor)}` : path)

/** Lectures that are not over, the next one first. */
export const readLectures = (cursor: string | null, token: Token): Promise<Lectures> => call('GET', after('/lectures', cursor), { token })

/** Every lecture of a month (2026-12), cancelled ones too. */
export const readMonth = (month: string, token: Token): Promise<Lectures> => call('GET', `/lectures/calendar?month=${month}`, { token })

/** One lecture; ApiProblem 404 when there is none. */
export const readLecture = (id: string, token: Token): Promise<LectureDetail> => call('GET', `/lectures/${id}`, { token })

/** Books seats or a place in line; the same key books once. ApiProblem `full`, `already_booked`, `closed` … */
export const bookSeats = (id: string, body: BookIn, token: Token): Promise<Booked> => call('POST', `/lectures/${id}/bookings`, { token, body })

/** The worker's bookings, newest first. */
export const readBookings = (cursor: string | null, token: Token): Promise<ListedPage> => call('GET', after('/bookings', cursor), { token })

/** One booking with the code for the door. */
export const readBooking = (id: string, token: Token): Promise<Booking> => call('GET', `/bookings/${id}`, { token })

/** 要 (accept), 还去 (confirm), 不去了 (cancel); a second tap changes nothing. */
export const answerBooking = (id: string, what: 'accept' | 'confirm' | 'cancel', token: Token): Promise<Booking> => call('POST', `/bookings/${id}/${what}`, { token })

/** Says how it was; once. */
export const sayHowItWas = (id: string, body: FeedbackIn, token: Token): Promise<Booking> => call('POST', `/bookings/${id}/feedback`, { token, body })

/** Themes to choose from when ordering. */
export const readThemes = (): Promise<Shapes['OrderThemesOut']> => call('GET', '/lecture-orders/themes')

/** 点单; the same key orders once. */
export const orderLecture = (body: OrderIn, token: Token): Promise<Order> => call('POST', '/lecture-orders', { token, body })

/** The worker's orders, newest first. */
export const readOrders = (token: Token): Promise<Shapes['OrdersOut']> => call('GET', '/lecture-orders', { token })

/** One order. */
export const readOrder = (id: string, token: Token): Promise<Order> => call('GET', `/lecture-orders/${id}`, { token })

/** 这个时间行: of the version that is on the screen. */
export const agreeToDate = (id: string, version: number, token: Token): Promise<Order> => call('POST', `/lecture-orders/${id}/agree`, { token, body: { version } })

/** 这个时间不行, and what would suit. */
export const refuseDate = (id: string, version: number, note: string, token: Token): Promise<Order> => call('POST', `/lecture-orders/${id}/refuse-date`, { token, body: { version, note } })

/** 不用来了. */
export const withdrawOrder = (id: string, token: Token): Promise<Order> => call('POST', `/lecture-orders/${id}/withdraw`, { token })

/** 评单. */
export const rateOrder = (id: string, verdict: OrderVerdict, words: string | null, token: Token): Promise<Order> => call('POST', `/lecture-orders/${id}/rating`, { token, body: { verdict, words } })

/** Where a file of a lecture, or the lecture for a calendar, is to be had. */
export const lecturePath = (id: string, rest: string): string => `/api/v1/lectures/${id}/${rest}`
