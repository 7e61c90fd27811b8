// What the phone keeps of a case: words not yet sent, and the last copy seen; and when it forgets them.
import { describe, expect, it, vi } from 'vitest'
import { forgetSeen, keepSeen, lastSeen } from '@/lib/lastseen'
import { forgetTyped, keyFor, useTyped, useTypedStorage } from '@/lib/typed'
import type { CaseOut } from '@/api/following'

const DAY = 86_400_000
const item = (id: string) => ({ id, headline: '正在查', evidence: [{ id: 'e', view_url: '/api/v1/evidence/e/view?s=1' }] }) as CaseOut

describe('words not yet sent', () => {
  it('are there again after a kill, each form and case for itself', () => {
    const { typed } = useTyped('a', 'supplement', { text: '' })
    typed.text = '还有一件事𠮷'
    expect(useTyped('a', 'supplement', { text: '' }).typed.text).toBe('还有一件事𠮷')
    expect(useTyped('b', 'supplement', { text: '' }).typed.text).toBe('')
    expect(useTyped('a', 'talk', { text: '' }).typed.text).toBe('')
  })
  it('are forgotten once sent, and later keys do not bring them back', () => {
    const { typed, forget } = useTyped('a', 'supplement', { text: '' })
    typed.text = '一'
    forget()
    typed.text = '二'
    expect(useTyped('a', 'supplement', { text: '' }).typed.text).toBe('')
  })
  it('are forgotten after thirty days', () => {
    const now = Date.now()
    useTyped('a', 'supplement', { text: '' }).typed.text = '旧'
    vi.spyOn(Date, 'now').mockReturnValue(now + 29 * DAY)
    expect(useTyped('a', 'supplement', { text: '' }).typed.text).toBe('旧')
    vi.spyOn(Date, 'now').mockReturnValue(now + 31 * DAY)
    expect(useTyped('a', 'supplement', { text: '' }).typed.text).toBe('')
  })
  it('all go when the phone is handed on', () => {
    useTyped('a', 'talk', { text: '' }).typed.text = '话'
    forgetTyped()
    expect(useTyped('a', 'talk', { text: '' }).typed.text).toBe('')
  })
  it('say so when the phone is full', () => {
    const { typed } = useTyped('a', 'supplement', { text: '' })
    const write = vi.spyOn(window.localStorage, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    typed.text = '存不下'
    expect(useTypedStorage().is_full).toBe(true)
    write.mockRestore()
    typed.text = '存下了'
    expect(useTypedStorage().is_full).toBe(false)
  })
})

describe('the key of a sending', () => {
  it('stays while the content stays, and changes with it', async () => {
    const kept = { key: '', key_of: '' }
    const first = await keyFor(kept, { text: '一' })
    expect(first).toMatch(/^[0-9a-f]{32}$/)
    expect(await keyFor(kept, { text: '一' })).toBe(first)
    expect(await keyFor(kept, { text: '二' })).not.toBe(first)
  })
})

describe('the last copy seen', () => {
  it('is kept without links to files, and forgotten on signing out', () => {
    keepSeen(item('a'), Date.parse('2026-11-24T02:00:00Z'))
    expect(lastSeen('a')).toMatchObject({ seen_at: '2026-11-24T02:00:00.000Z', item: { headline: '正在查', evidence: [{ view_url: null }] } })
    forgetSeen()
    expect(lastSeen('a')).toBeNull()
  })
  it('keeps the ten newest', () => {
    for (let n = 0; n < 12; n++) keepSeen(item(`c${n}`), n * DAY)
    expect([lastSeen('c0'), lastSeen('c1')]).toEqual([null, null])
    expect(lastSeen('c11')).not.toBeNull()
  })
})
