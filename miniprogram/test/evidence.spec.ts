// Evidence: each file for itself, kept from the moment it is chosen, uploaded after filing.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { addEvidence, bindEvidence, clearEvidence, clearTipEvidence, retryEvidence, runUploads, useEvidence } from '@/lib/evidence'

const file = (name: string, size = 3, mime = 'image/jpeg') => ({ name, size, mime, source: new Blob([new Uint8Array(Math.min(size, 1000))]) })
const draft = { case_id: null, is_memory_only: false }
const states = () => useEvidence().items.map((it) => it.state)

function serverThat(answer: (name: string) => { status: string; reason?: string } | 'cut') {
  let name = ''
  vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
    if (init.method === 'POST') {
      name = JSON.parse(String(init.body)).name
      return new Response(JSON.stringify({ id: 'e', status: 'uploading', received_bytes: 0 }), { status: 201 })
    }
    const said = answer(name)
    if (said === 'cut') throw new TypeError('cut')
    return new Response(JSON.stringify({ id: 'e', received_bytes: 3, received_at: '2026-11-23T06:33:00Z', reason: null, ...said }), { status: 200 })
  })
}

beforeEach(async () => {
  await clearEvidence(null)
  await clearEvidence('c1')
  await clearTipEvidence()
})

describe('choosing', () => {
  it('keeps files with their digest and remembers them on the phone', async () => {
    await addEvidence([file('工资条.jpg')], draft)
    expect(states()).toEqual(['saved'])
    expect(useEvidence().items[0].sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(JSON.parse(localStorage.getItem('xh.evidence')!)).toHaveLength(1)
  })
  it('says why a file is not kept, and keeps the rest', async () => {
    await addEvidence([file('视频.mp4', 86 * 1024 * 1024), file('空.jpg', 0), file('好.jpg')], draft)
    expect(states()).toEqual(['refused', 'refused', 'saved'])
    expect(useEvidence().items[0].reason).toBe('太大了，有 86 兆。最多 20 兆，请截短再传。')
  })
  it('stops at twenty', async () => {
    await addEvidence(Array.from({ length: 21 }, (_, index) => file(`${index}.jpg`)), draft)
    expect(states().filter((it) => it === 'saved')).toHaveLength(20)
    expect(useEvidence().items[20].reason).toContain('最多 20 个')
  })
  it('leaves nothing of an anonymous tip on the phone', async () => {
    await addEvidence([file('照片.jpg')], { case_id: null, is_memory_only: true })
    expect(localStorage.getItem('xh.evidence')).toBeNull()
  })
})

describe('clearing', () => {
  it('keeps a draft\'s files when a tip is left, and the other way round', async () => {
    await addEvidence([file('投诉.jpg')], draft)
    await addEvidence([file('举报.jpg')], { case_id: null, is_memory_only: true })
    await clearTipEvidence()
    expect(useEvidence().items.map((it) => it.name)).toEqual(['投诉.jpg'])
    await addEvidence([file('举报.jpg')], { case_id: null, is_memory_only: true })
    await clearEvidence(null)
    expect(useEvidence().items.map((it) => it.name)).toEqual(['举报.jpg'])
  })
})

describe('uploading after filing', () => {
  it('sends nothing before the complaint is filed', async () => {
    serverThat(() => ({ status: 'sealed' }))
    await addEvidence([file('a.jpg')], draft)
    await runUploads(() => 't')
    expect(states()).toEqual(['saved'])
  })
  it('lets one file fail and another be refused without touching the rest', async () => {
    serverThat((name) => (name === 'b.jpg' ? 'cut' : name === 'zip.jpg' ? { status: 'refused', reason: '打不开：这是压缩包' } : { status: 'sealed' }))
    await addEvidence([file('a.jpg'), file('b.jpg'), file('zip.jpg'), file('c.jpg')], draft)
    bindEvidence('c1', false)
    await runUploads(() => 't')
    expect(states()).toEqual(['received', 'failed', 'refused', 'received'])
    expect(useEvidence().items[1].reason).toBe('网络断了')
    expect(useEvidence().items[2].reason).toBe('打不开：这是压缩包')
    serverThat(() => ({ status: 'sealed' }))
    retryEvidence(useEvidence().items[1].key)
    await runUploads(() => 't')
    expect(states()[1]).toBe('received')
  })
  it('says that the copy is gone when the phone has lost it', async () => {
    serverThat(() => ({ status: 'sealed' }))
    await addEvidence([file('a.jpg')], draft)
    bindEvidence('c1', false)
    const { deleteBlob } = await import('@/platform/blobs')
    await deleteBlob(useEvidence().items[0].key)
    await runUploads(() => 't')
    expect(useEvidence().items[0]).toMatchObject({ state: 'failed', reason: '手机里的那份找不到了，请重新选' })
  })
})
