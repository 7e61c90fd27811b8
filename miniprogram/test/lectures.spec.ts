// Lectures: what a card says, the month, the QR picture, and one key for one attempt to book.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiProblem } from '@/api/call'
import { bookSeats, type Booking, type Lecture, type Listed, type Order, type OwnBooking } from '@/api/lectures'
import { keepBooking, lastBooking, seenBookings } from '@/lib/lastseen'
import { forgetSession } from '@/lib/session'
import { NetworkFailure } from '@/platform/http'
import { bookingFault, bookOnce, useWish, within } from '@/packages/lecture/lib/attempt'
import { forAudience, isOffered, liveFirst, offersFirst, ownLine, sayAudiences, sayHours, sayPlace, sayWhen, seatLine } from '@/packages/lecture/lib/lectureview'
import { gridOf, ofDay } from '@/packages/lecture/lib/monthgrid'
import { answerPlate, canWithdraw, stepsOf } from '@/packages/lecture/lib/orderview'
import { checkOrder, emptyOrder, orderOf, peopleOf, sayWish } from '@/packages/lecture/lib/orderform'
import { pictureOfRows } from '@/packages/lecture/lib/qr'
import { askOf, endOf, leadOf } from '@/packages/lecture/lib/bookingview'
import { faceOf } from '@/packages/lecture/lib/usebooking'
import { pageOfScene, sceneIn } from '@/lib/scene'
import { send } from '@/platform/http'

vi.mock('@/api/lectures', async (original) => ({ ...(await original<object>()), bookSeats: vi.fn() }))
vi.mock('@/platform/http', async (original) => ({ ...(await original<object>()), send: vi.fn() }))

const lecture = (more: Partial<Lecture> = {}): Lecture => ({
  id: 'a', state: 'published', title: '讨薪', theme: '讨薪', form: 'talk', audiences: ['everyone'], speaker: '黎', place: '礼乐', is_online: false,
  starts_at: '2026-12-03T11:00:00Z', ends_at: '2026-12-03T13:00:00Z', seats: 60, taken: 42, free: 18, waiting: 0, is_over: false, can_book: true, can_wait: false, own: null, ...more,
})
const own = (more: Partial<OwnBooking> = {}): OwnBooking => ({ id: 'b', number: 'B-1', state: 'booked', party: 2, ahead: null, offer_ends_at: null, needs_confirming: false, can_cancel: true, can_say: false, ...more })
const listed = (state: OwnBooking['state'], starts: string, more: Partial<Lecture> = {}): Listed => ({ own: own({ state, id: starts }), lecture: lecture({ starts_at: starts, ...more }) })

describe('a card', () => {
  it('says how many seats are left, with a meter that never looks full or empty by mistake', () => {
    expect(seatLine(lecture())).toMatchObject({ text: '还剩 18 座', tag: '', percent: 70 })
    expect(seatLine(lecture({ taken: 1, seats: 300 })).percent).toBe(4)
    expect(seatLine(lecture({ taken: 299, seats: 300 })).percent).toBe(96)
    expect(seatLine(lecture({ taken: 0 })).percent).toBe(0)
  })
  it('says that it is full, and how many stand before', () => {
    const full = { can_book: false, can_wait: true, free: 0 }
    expect(seatLine(lecture({ ...full, waiting: 3 }))).toMatchObject({ tag: '已满', text: '可排队，前面 3 个预约', percent: null })
    expect(seatLine(lecture(full))).toMatchObject({ tag: '已满', text: '可排队' })
  })
  it('says one\'s own state before the seats, and an end before everything', () => {
    expect(seatLine(lecture({ own: own() }))).toMatchObject({ tag: '已预约 2 座', tone: 'brand' })
    expect(seatLine(lecture({ own: own({ needs_confirming: true }) }))).toMatchObject({ tag: '改了，请再确认', tone: 'sun' })
    expect(seatLine(lecture({ state: 'cancelled', own: own() })).tag).toBe('取消了')
    expect(seatLine(lecture({ can_book: false, is_over: true })).tag).toBe('讲完了')
    expect(seatLine(lecture({ can_book: false })).tag).toBe('过了预约时间')
  })
  it.each([
    [own({ state: 'waiting' }), '在排队'], [own({ state: 'waiting', ahead: 2 }), '在排队，前面 2 个预约'], [own({ state: 'waiting', ahead: 0 }), '在排队，下一个就是您'],
    [own({ state: 'cancelled' }), '您取消了'], [own({ state: 'lapsed' }), '没轮到'],
  ])('says what became of a booking: %#', (it, tag) => expect(ownLine(it, lecture()).tag).toBe(tag))
  it('puts an offer first, but not of a lecture that was called off', () => {
    const offer = lecture({ id: 'o', own: own({ state: 'offered' }) })
    expect(offersFirst([lecture({ id: 'x' }), offer]).map((it) => it.id)).toEqual(['o', 'x'])
    expect(isOffered({ ...offer, state: 'cancelled' })).toBe(false)
  })
  it('says when and where, over midnight too', () => {
    expect([sayHours(lecture()), sayWhen(lecture(), 2026), sayPlace(lecture())]).toEqual(['19:00 – 21:00', '12月3日 周四 19:00 – 21:00', '礼乐'])
    expect(sayHours(lecture({ ends_at: '2026-12-03T17:00:00Z' }))).toBe('19:00 – 12月4日 周五 01:00')
    expect([sayPlace(lecture({ is_online: true })), sayPlace(lecture({ place: '', is_online: true }))]).toEqual(['礼乐，也能网上听', '网上听'])
  })
  it('shows a rider what is for riders and what is for everyone', () => {
    const all = [lecture({ id: '1' }), lecture({ id: '2', audiences: ['riders'] }), lecture({ id: '3', audiences: ['students', 'employers'] })]
    expect(forAudience(all, 'riders').map((it) => it.id)).toEqual(['1', '2'])
    expect(forAudience(all, '')).toHaveLength(3)
    expect([sayAudiences(['everyone', 'riders']), sayAudiences(['students', 'employers'])]).toEqual(['谁都能来', '学生、单位'])
  })
  it('lists live bookings on top, the next one first, an offer before them', () => {
    const items = [listed('cancelled', '2026-12-09T00:00:00Z'), listed('booked', '2026-12-20T00:00:00Z'), listed('booked', '2026-12-05T00:00:00Z'), listed('offered', '2026-12-30T00:00:00Z'), listed('booked', '2026-11-01T00:00:00Z', { is_over: true })]
    expect(liveFirst(items).map((it) => it.own.id.slice(5, 10))).toEqual(['12-30', '12-05', '12-20', '12-09', '11-01'])
  })
})

describe('the month', () => {
  it('starts on Monday, is filled up to whole weeks and knows leap years', () => {
    const weeks = gridOf('2026-11', [], '2026-11-25')
    expect(weeks.every((week) => week.length === 7)).toBe(true)
    expect(weeks[0].map((it) => it.day)).toEqual([0, 0, 0, 0, 0, 0, 1])
    expect(weeks.flat().filter((it) => it.is_today).map((it) => it.on)).toEqual(['2026-11-25'])
    expect(gridOf('2028-02', [], '').flat().filter((it) => it.day)).toHaveLength(29)
    expect(gridOf('2027-02', [], '')).toHaveLength(4)
  })
  it('puts a lecture on the bureau\'s day, late in the evening too', () => {
    const items = [lecture({ starts_at: '2026-11-30T15:30:00Z' }), lecture({ starts_at: '2026-11-30T16:30:00Z' }), lecture({ state: 'cancelled', starts_at: '2026-11-30T01:00:00Z' })]
    const day = gridOf('2026-11', items, '').flat().find((it) => it.day === 30)
    expect([day?.count, day?.is_off, ofDay(items, '2026-12-01').length]).toEqual([2, false, 1])
    expect(gridOf('2026-11', [items[2]], '').flat().find((it) => it.day === 30)?.is_off).toBe(true)
  })
})

describe('the code for the door', () => {
  it('draws every dark module once, with four modules of white around', () => {
    const svg = decodeURIComponent(pictureOfRows(['110', '001', '111']).slice('data:image/svg+xml,'.length))
    expect(svg).toContain("viewBox='0 0 11 11'")
    expect(svg).toContain("d='M4 4h2v1h-2zM6 5h1v1h-1zM4 6h3v1h-3z'")
    expect(svg.match(/fill='#fff' d='M0 0h11v11H0z'/)).not.toBeNull()
  })
  it('is kept on the phone, newest first, and gone with the sign-in', () => {
    const booking = (id: string) => ({ own: own({ id }), lecture: lecture(), code: 'XH1', code_rows: ['1'], attended: 0, notices: [] }) as Booking
    keepBooking({ booking: booking('1'), detail: null }, 1000)
    keepBooking({ booking: booking('2'), detail: null }, 2000)
    expect(lastBooking('1')?.item.booking.code_rows).toEqual(['1'])
    expect(seenBookings().map((it) => it.item.booking.own.id)).toEqual(['2', '1'])
    forgetSession()
    expect(lastBooking('1')).toBeNull()
  })
})

describe('booking', () => {
  const sent = () => vi.mocked(bookSeats).mock.calls.map(([, body]) => body)
  beforeEach(() => vi.mocked(bookSeats).mockReset())
  const answer = { id: 'b', state: 'booked' as const, party: 12, is_new: true }

  it('keeps its key while no answer came, also after the page was closed', async () => {
    vi.mocked(bookSeats).mockRejectedValueOnce(new NetworkFailure('timeout')).mockResolvedValue(answer)
    const first = useWish('a')
    first.typed.party = 12
    await expect(bookOnce('a', first.typed, false, 't')).rejects.toThrow()
    await bookOnce('a', useWish('a').typed, false, 't')
    expect(sent()[0].key).toMatch(/^[0-9a-f]{32}$/)
    expect(sent()[1]).toEqual(sent()[0])
  })
  it('takes a new key for another number of people, and after the server said no', async () => {
    vi.mocked(bookSeats).mockRejectedValueOnce(new ApiProblem(409, 'full', '座位约满了。', [], {})).mockResolvedValue(answer)
    const { typed } = useWish('a')
    await expect(bookOnce('a', typed, false, 't')).rejects.toThrow()
    await bookOnce('a', typed, false, 't')
    typed.party = 3
    await bookOnce('a', typed, false, 't')
    expect(new Set(sent().map((it) => it.key)).size).toBe(3)
  })
  it('keeps its key when the sign-in had ended or the server broke', async () => {
    vi.mocked(bookSeats).mockRejectedValueOnce(new ApiProblem(401, 'x', '', [], {})).mockRejectedValueOnce(new ApiProblem(503, 'x', '', [], {})).mockResolvedValue(answer)
    const { typed } = useWish('a')
    for (let n = 0; n < 2; n++) await expect(bookOnce('a', typed, false, 't')).rejects.toThrow()
    await bookOnce('a', typed, false, 't')
    expect(new Set(sent().map((it) => it.key)).size).toBe(1)
  })
  it('starts afresh once it is booked: the same wish after a cancellation is another booking', async () => {
    vi.mocked(bookSeats).mockResolvedValue(answer)
    const first = useWish('a')
    await bookOnce('a', first.typed, false, 't')
    first.forget()
    await bookOnce('a', useWish('a').typed, false, 't')
    expect(new Set(sent().map((it) => it.key)).size).toBe(2)
  })
  it('asks a name and a team of groups only', async () => {
    vi.mocked(bookSeats).mockResolvedValue(answer)
    const { typed } = useWish('a')
    Object.assign(typed, { party: 1, name: ' 王 ', org: '木工班' })
    await bookOnce('a', typed, true, 't')
    typed.party = 2
    await bookOnce('a', typed, true, 't')
    expect(sent()).toMatchObject([{ name: null, org_name: null, may_wait: true }, { name: '王', org_name: '木工班' }])
  })
  it('stays between one and the most', () => expect([within(0, 60), within(61, 60), within(NaN, 60), within(5, 0)]).toEqual([1, 60, 1, 1]))
  it('says a failure of the network in words of this page, and a no in the server\'s', () => {
    const fault = { title: '没交上去', text: '座位约满了。', code: '', problem: 'full', fields: [] }
    expect(bookingFault({ ...fault, kind: 'offline' })?.title).toBe('没约上：网络断了')
    expect(bookingFault({ ...fault, kind: 'refused' })).toMatchObject({ title: '没约上', text: '座位约满了。' })
    expect(bookingFault(null)).toBeNull()
  })
})

describe('the page of a booking', () => {
  const face = (mine: Partial<OwnBooking>, about: Partial<Lecture> = {}) => faceOf({ own: own(mine), lecture: lecture(about) })
  it('says what can no longer be before what waits for an answer', () => {
    expect([face({}), face({ needs_confirming: true }), face({ state: 'offered' }), face({ state: 'waiting' })]).toEqual(['booked', 'changed', 'offered', 'waiting'])
    expect([face({ state: 'offered' }, { state: 'cancelled' }), face({}, { is_over: true }), face({ state: 'lapsed' }, { is_over: true })]).toEqual(['off', 'over', 'lapsed'])
  })
})

describe('a booking whose lecture was changed, given back, or begun', () => {
  const whole = (mine: Partial<OwnBooking>, attended = 0) => ({ own: own(mine), lecture: lecture(), code: null, code_rows: null, online: null, attended, notices: [] }) as Booking
  it('asks again only those with a seat: who waits still waits, with the new time', () => {
    const waiting = whole({ state: 'waiting', ahead: 3, needs_confirming: true })
    expect(faceOf(waiting)).toBe('waiting')
    expect(leadOf('waiting', waiting, 2026)).toBe('您还在排队，前面 3 个预约。讲座改了，现在是 12月3日 周四 19:00 – 21:00，礼乐。')
    expect(leadOf('waiting', whole({ state: 'waiting', ahead: 0, needs_confirming: true }), 2026)).toContain('下一个就是您')
    expect(leadOf('waiting', whole({ state: 'waiting', ahead: 3 }), 2026)).toBe('前面 3 个预约。')
    expect(leadOf('offered', whole({ state: 'offered', offer_ends_at: '2026-12-01T02:00:00Z', needs_confirming: true }), 2026)).toContain('讲座改过，现在是 12月3日')
    expect(faceOf(whole({ needs_confirming: true }))).toBe('changed')
  })
  it('asks before anything is given away, about a seat only where there is one', () => {
    expect(['waiting', 'offered', 'changed', 'booked'].map((it) => askOf(it as 'booked').title)).toEqual(['不排了吗', '这个座不要了吗', '不去了吗', '取消这个预约吗'])
    expect(askOf('waiting').text).not.toContain('座位马上')
    expect(askOf('offered').text).toContain('座位马上问下一位')
  })
  it('says that one is in, not that it is too late to cancel', () => {
    expect(endOf('booked', whole({ can_cancel: false }, 3))).toBe('there')
    expect(faceOf(whole({ can_cancel: false, needs_confirming: true }, 3))).toBe('booked')
    expect(endOf('booked', whole({ can_cancel: false }))).toBe('late')
    expect(endOf('booked', whole({}))).toBe('')
    expect(endOf('waiting', whole({ state: 'waiting', can_cancel: false }))).toBe('')
  })
})

describe('an order', () => {
  const filled = () => ({ ...emptyOrder(), org_name: '项目部', org_kind: 'site' as const, contact_name: '王', phone: '138 0000 2671', theme: '讨薪', place: '食堂', people: '４０人', wished: [{ on: '2026-12-01', part: 'evening' as const }] })
  const fields = (more: object) => checkOrder({ ...filled(), ...more }, '2026-11-25').map((it) => it.field)
  it('says everything that is missing, in the order of the form', () => {
    expect(checkOrder(emptyOrder(), '2026-11-25').map((it) => it.field)).toEqual(['org_name', 'org_kind', 'contact_name', 'phone', 'theme', 'place', 'people', 'wished.0.on'])
    expect(fields({})).toEqual([])
  })
  it('wants days from tomorrow on, each once, with a part of the day', () => {
    expect(fields({ wished: [{ on: '2026-11-25', part: 'morning' }] })).toEqual(['wished.0.on'])
    expect(fields({ wished: [{ on: '2026-12-01', part: '' }] })).toEqual(['wished.0.part'])
    expect(fields({ wished: [{ on: '2026-12-01', part: 'morning' }, { on: '2026-12-01', part: 'morning' }] })).toEqual(['wished.1.on'])
    expect(fields({ wished: [{ on: '2026-12-01', part: 'morning' }, { on: '2026-12-01', part: 'evening' }, { on: '', part: '' }] })).toEqual([])
    expect(fields({ wished: [{ on: '2026-12-01', part: 'morning' }, { on: '', part: 'evening' }] })).toEqual(['wished.1.on'])
  })
  it('reads numbers of people as they are typed', () => expect(['40', '４０', '40 人', '0', '5001', '四十', '', '-3'].map(peopleOf)).toEqual([40, 40, 40, null, null, null, null, null]))
  it('is sent tidied, without empty rows', () => {
    const form = { ...filled(), wished: [...filled().wished, { on: '', part: '' as const }] }
    expect(orderOf(form, 'k')).toMatchObject({ key: 'k', phone: '13800002671', people: 40, wished: [{ on: '2026-12-01', part: 'evening' }] })
    expect(sayWish({ on: '2026-12-01', part: 'evening' }, 2026)).toBe('12月1日 周二 晚上')
  })

  const order = (more: Partial<Order>): Order => ({
    id: 'o', number: 'D-1', version: 1, state: 'ordered', state_label: '', org_name: '', org_kind: 'site', theme: '', about: '', place: '', people: 1, wished: [], ordered_at: '2026-11-20T08:00:00Z',
    answer_due_on: '2026-11-25', answer_due_words: '', is_late: false, officer_name: '', proposed_at: null, speaker: '', staff_note: null, held_at: null, attended: null, verdict: null, notices: [], ...more,
  })
  it.each([
    ['ordered', ['done', 'now', 'later', 'later']], ['assigned', ['done', 'done', 'now', 'later']], ['proposed', ['done', 'done', 'now', 'later']], ['agreed', ['done', 'done', 'now', 'later']],
    ['held', ['done', 'done', 'done', 'now']], ['rated', ['done', 'done', 'done', 'done']], ['declined', ['done', 'later', 'later', 'later']], ['withdrawn', ['done', 'later', 'later', 'later']],
  ] as const)('is at the right step when %s', (state, kinds) => expect(stepsOf(order({ state }), 2026).map((it) => it.kind)).toEqual(kinds))
  it('names who sees to it, when it is held and what was said', () => {
    const texts = stepsOf(order({ state: 'rated', officer_name: '苏敏仪', held_at: '2026-11-22T07:00:00Z', attended: 131, verdict: 'satisfied' }), 2026).map((it) => it.text)
    expect(texts).toEqual(['11月20日 周五 16:00', '苏敏仪 在办', '11月22日 周日 15:00 讲的，131 人听', '您的评价：满意'])
  })
  it('shows the day of our answer only while we owe one, and says when we are late', () => {
    expect(answerPlate(order({}))).toMatchObject({ due_on: '2026-11-25', is_passed: false })
    expect(answerPlate(order({ is_late: true }))).toMatchObject({ is_passed: true, sentence: '还没答复，是我们慢了。可以打电话催。' })
    expect(answerPlate(order({ state: 'proposed' }))).toBeNull()
    expect([canWithdraw(order({ state: 'agreed' })), canWithdraw(order({ state: 'held' }))]).toEqual([true, false])
  })
})

describe('a code on paper', () => {
  const found = (kind: string) => vi.mocked(send).mockResolvedValueOnce({ status: 200, body: { kind, id: 'x1' } })
  it('leads to its lecture, and nowhere for what has no page', async () => {
    found('lecture')
    expect(await pageOfScene('lx1sig')).toBe('/packages/lecture/lecture?id=x1')
    found('site')
    expect(await pageOfScene('sx1sig')).toBeNull()
  })
  it('reads the scene as WeChat gives it', () => {
    expect([sceneIn({ scene: 'l%3Da' }), sceneIn({ scene: '100%' }), sceneIn({}), sceneIn(undefined)]).toEqual(['l=a', '100%', '', ''])
  })
})
