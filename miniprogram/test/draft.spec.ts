// The draft: kept after every field, made whole after an update, forgotten when asked or when its days are over.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { beginDraft, clearDraft, daysLeft, emptyDraft, isStarted, owedFen, reviveDraft, suggestRequest, useDraft } from '@/lib/draft'

const DAY = 86_400_000
const stored = () => JSON.parse(localStorage.getItem('xh.draft.complaint') ?? 'null')

beforeEach(() => clearDraft())

describe('keeping', () => {
  it('stores nothing before the notice was read', () => {
    useDraft().draft.claimant.name = '陈'
    expect(stored()).toBeNull()
  })
  it('stores every change at once, under a key of 128 random bits', async () => {
    await beginDraft('2026-11')
    const { draft } = useDraft()
    draft.claimant.name = '陈建国𠮷'
    expect(stored()).toMatchObject({ claimant: { name: '陈建国𠮷' }, privacy_version: '2026-11' })
    expect(stored().key).toMatch(/^[0-9a-f]{32}$/)
    draft.rows.push({ month: '2026-07', due: '6500', paid: '0' })
    expect(stored().rows).toHaveLength(1)
  })
  it('keeps its key over a second visit to the notice', async () => {
    await beginDraft('1')
    const { key } = useDraft().draft
    await beginDraft('1')
    expect(useDraft().draft.key).toBe(key)
  })
  it('says so when the phone is full, and no longer once it fits again', async () => {
    await beginDraft('1')
    const { draft, kept } = useDraft()
    const full = vi.spyOn(window, 'localStorage', 'get').mockReturnValue({
      setItem: () => { throw new DOMException('full', 'QuotaExceededError') },
    } as unknown as Storage)
    draft.facts = '一'
    expect(kept.is_lost).toBe(true)
    full.mockRestore()
    draft.facts = '二'
    expect(kept.is_lost).toBe(false)
  })
  it('is gone after 清除草稿, and the next one has another key', async () => {
    await beginDraft('1')
    const { key } = useDraft().draft
    clearDraft()
    expect(stored()).toBeNull()
    expect(isStarted(useDraft().draft)).toBe(false)
    await beginDraft('1')
    expect(useDraft().draft.key).not.toBe(key)
  })
})

describe('reviving', () => {
  it('fills in what an older version did not know', () => {
    const old = { started_ms: 1000, claimant: { name: '陈' } } as never
    const draft = reviveDraft(old, 2000, 30)
    expect(draft.claimant).toEqual({ name: '陈', phone: '', service_address: '' })
    expect(draft.screening.place).toBe('here')
  })
  it('lets a draft go after its days, not a day before', () => {
    const draft = { ...emptyDraft(0), facts: '经过' }
    expect(reviveDraft(draft, 30 * DAY, 30).facts).toBe('经过')
    expect(reviveDraft(draft, 30 * DAY + 1, 30).facts).toBe('')
    expect(daysLeft(draft, 29.5 * DAY, 30)).toBe(1)
  })
})

describe('adding up', () => {
  it('adds what is still owed', () => {
    expect(owedFen([{ month: '2026-07', due: '6,500', paid: '2000' }, { month: '2026-08', due: '6500', paid: '0' }])).toBe(1_100_000)
  })
  it('does not add while a row cannot be right', () => {
    expect(owedFen([{ month: '2026-07', due: '6500', paid: '65000' }])).toBeNull()
    expect(owedFen([{ month: '2026-07', due: '', paid: '0' }])).toBeNull()
  })
  it('writes the request for the months that are owed only', () => {
    const rows = [{ month: '2026-07', due: '100', paid: '100' }, { month: '2026-08', due: '6500', paid: '0' }]
    expect(suggestRequest(rows)).toBe('请责令单位付清我2026年8月的工资，共 6,500 元。')
    expect(suggestRequest([{ month: '2026-08', due: '', paid: '0' }])).toBe('')
  })
})
