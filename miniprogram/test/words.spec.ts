// Money, months, phones and dates as people type and read them.
import { describe, expect, it } from 'vitest'
import { looksLikeExtraZero, toFen, toYuan } from '@/lib/money'
import { nextMonthToAdd, sayMonths, shiftMonth, suggestMonths } from '@/lib/months'
import { isMobile, spacePhone, tidyPhone } from '@/lib/phone'
import { atBureau, bureauToday, daysBetween, parts, sayDate } from '@/lib/dates'

describe('money', () => {
  it.each([
    ['6500', 650000], ['6,500', 650000], ['６５００', 650000], ['6500.5', 650050], ['0', 0], ['￥6500元', 650000],
    [' 6 500 ', 650000], ['0.01', 1], ['19.99', 1999], ['8.', 800], ['６５００．５０', 650050],
  ])('reads %s as %i fen', (text, fen) => expect(toFen(text)).toBe(fen))
  it.each(['', '-1', '1.234', 'abc', '1e5', '六千', '1000001', '99999999999', '.5'])('refuses %s', (text) => expect(toFen(text)).toBeNull())
  it('writes thousands and keeps cents only where there are any', () => {
    expect([toYuan(1750000), toYuan(1050), toYuan(0), toYuan(100000000)]).toEqual(['17,500', '10.50', '0', '1,000,000'])
  })
  it('guesses one zero too many only when it is likely', () => {
    expect(looksLikeExtraZero(6_500_000, 650_000)).toBe(true)
    expect(looksLikeExtraZero(700_000, 650_000)).toBe(false)
  })
})

describe('months', () => {
  it('crosses the year both ways', () => expect([shiftMonth('2026-01', -1), shiftMonth('2026-12', 1)]).toEqual(['2025-12', '2027-01']))
  it('offers the last three months of an employment that ended', () => {
    expect(suggestMonths('2026-03-01', '2026-09-30', '2026-11-23')).toEqual(['2026-07', '2026-08', '2026-09'])
  })
  it('does not offer the running month to someone still working', () => {
    expect(suggestMonths('2026-03-01', null, '2026-11-23')).toEqual(['2026-08', '2026-09', '2026-10'])
  })
  it('offers the running month when the work began in it', () => {
    expect(suggestMonths('2026-11-02', null, '2026-11-23')).toEqual(['2026-11'])
  })
  it('never offers a month before the work began', () => {
    expect(suggestMonths('2026-09-15', '2026-09-30', '2026-11-23')).toEqual(['2026-09'])
  })
  it('adds the month before, then later ones, then nothing', () => {
    expect(nextMonthToAdd(['2026-08', '2026-09'], '2026-07-10', '2026-09-30', '2026-11-23')).toBe('2026-07')
    expect(nextMonthToAdd(['2026-07'], '2026-07-10', '2026-09-30', '2026-11-23')).toBe('2026-08')
    expect(nextMonthToAdd(['2026-07', '2026-08', '2026-09'], '2026-07-10', '2026-09-30', '2026-11-23')).toBeNull()
  })
  it('stops at 36 months', () => {
    const months = Array.from({ length: 36 }, (_, index) => shiftMonth('2023-10', index))
    expect(nextMonthToAdd(months, '2010-01-01', null, '2026-11-23')).toBeNull()
  })
  it('says runs once and names the year once', () => {
    expect(sayMonths(['2026-09', '2026-07', '2026-08'])).toBe('2026年7月至9月')
    expect(sayMonths(['2026-07', '2026-09'])).toBe('2026年7月、9月')
    expect(sayMonths(['2025-12', '2026-01'])).toBe('2025年12月至2026年1月')
  })
})

describe('phone', () => {
  it.each(['138 0000 2671', '+86 138-0000-2671', '8613800002671', '１３８００００２６７１', '0086 13800002671'])('accepts %s', (text) => {
    expect(isMobile(text)).toBe(true)
    expect(tidyPhone(text)).toBe('13800002671')
  })
  it.each(['1380000267', '12800002671', '138000026711', 'abc', ''])('refuses %s', (text) => expect(isMobile(text)).toBe(false))
  it('is shown in three groups', () => expect(spacePhone('13800002671')).toBe('138 0000 2671'))
})

describe('dates', () => {
  it('always says the weekday, and the year when it is another', () => {
    expect(sayDate('2026-11-30')).toBe('11月30日 周一')
    expect(sayDate('2027-01-05', 2026)).toBe('2027年1月5日 周二')
  })
  it('knows days that do not exist', () => expect([parts('2026-02-30'), parts('x'), parts('2026-13-01')]).toEqual([null, null, null]))
  it('puts a moment on the bureau\'s day', () => {
    expect(atBureau('2026-11-23T16:30:00Z')).toEqual({ on: '2026-11-24', time: '00:30' })
    expect(bureauToday(Date.parse('2026-11-23T15:59:59Z'))).toBe('2026-11-23')
  })
  it('counts calendar days over a month end', () => expect(daysBetween('2026-11-23', '2026-12-01')).toBe(8))
})
