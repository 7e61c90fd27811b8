// Uploading in pieces, digests, and the receipt's picture.
import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { NetworkFailure } from '@/platform/http'
import { ApiProblem } from '@/api/call'
import { upload, type UploadJob } from '@/lib/upload'
import { digestOf, Sha256 } from '@/lib/sha256'
import { digestLines, pictureOf, wrap } from '@/lib/receiptpicture'
import { getBlob, deleteBlob, putBlob } from '@/platform/blobs'
import type { ReceiptOut } from '@/api/types'

/** A server that keeps what it gets; `cutAt` breaks the connection once, after storing that piece. */
function server(size: number, options: { has?: number; cutAt?: number } = {}) {
  const got: number[] = []
  let received = options.has ?? 0
  let isCut = false
  const out = () => ({ id: 'e1', name: 'a', size, received_bytes: received, status: received === size ? 'sealed' : 'uploading', kind: null, sha256: '', reason: null, received_at: null, view_url: null })
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })
    if (init.method === 'POST') return answer(201, out())
    const offset = Number(new URL(url, 'http://x').searchParams.get('offset'))
    if (offset !== received) return answer(409, { code: 'offset', received_bytes: received })
    got.push(offset)
    received += (init.body as ArrayBuffer).byteLength
    if (options.cutAt === offset && !isCut) {
      isCut = true
      throw new TypeError('cut')
    }
    return answer(200, out())
  })
  return got
}
const job = (size: number, progress: number[] = []): UploadJob => ({
  key: 'k', case_id: 'c', token: 't', name: 'a', size, sha256: 's', is_place_stripped: true, chunkBytes: 4,
  read: async (_offset, length) => new ArrayBuffer(length), onProgress: (bytes) => progress.push(bytes),
})

describe('uploading', () => {
  it('sends pieces in order, the last one short', async () => {
    const got = server(10)
    const progress: number[] = []
    expect((await upload(job(10, progress))).status).toBe('sealed')
    expect([got, progress]).toEqual([[0, 4, 8], [0, 4, 8]])
  })
  it('goes on from what the server already has', async () => {
    const got = server(10, { has: 8 })
    await upload(job(10))
    expect(got).toEqual([8])
  })
  it('stops at a cut, and the next try sends only the rest', async () => {
    const got = server(10, { cutAt: 4 })
    await expect(upload(job(10))).rejects.toBeInstanceOf(NetworkFailure)
    expect((await upload(job(10))).status).toBe('sealed')
    expect(got).toEqual([0, 4, 8])
  })
  it('gives up on a server that never agrees on the offset', async () => {
    let at = 0
    vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => init.method === 'POST'
      ? new Response(JSON.stringify({ id: 'e', status: 'uploading', received_bytes: 0 }), { status: 201 })
      : new Response(JSON.stringify({ code: 'offset', received_bytes: ++at % 4 }), { status: 409 }))
    await expect(upload(job(10))).rejects.toBeInstanceOf(ApiProblem)
  })
})

describe('sha-256', () => {
  it.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 4096])('agrees with node for %i bytes', (length) => {
    const bytes = randomBytes(length)
    expect(new Sha256().update(bytes).hex()).toBe(createHash('sha256').update(bytes).digest('hex'))
  })
  it('is the same read piece by piece', async () => {
    const bytes = randomBytes(2_500_000)
    const read = async (offset: number, length: number) => new Uint8Array(bytes.subarray(offset, offset + length)).buffer
    expect(await digestOf(bytes.length, read)).toBe(createHash('sha256').update(bytes).digest('hex'))
  })
})

describe('files kept in the browser', () => {
  it('outlive the connection, and are gone when dropped', async () => {
    await putBlob('k1', new Blob(['工资条']))
    expect(await getBlob('k1')).toBeTruthy()
    await deleteBlob('k1')
    await expect(getBlob('k1')).rejects.toThrow('gone')
  })
})

describe('the receipt as a picture', () => {
  const receipt = {
    id: 'c', number: '江海人社投〔2026〕0437号', lane: 'complaint', filed_at: '2026-11-23T06:32:00Z', received_on: '2026-11-23',
    receipt_code: '7K3M-9QTX-4HWB-2RNE', digest: 'ab'.repeat(32), is_phone_verified: true, owed_fen: 1750000,
    next: { key: 'accept', title: '最晚这天，书面告诉您收不收', due_on: '2026-11-30', is_provisional: false, is_passed: false, law: { key: 'k', law: '广东省劳动保障监察条例', article: '第三十六条' }, sentence: '到期没有书面告知，从今天起就算受理。' },
    what_next: [], advice: [], case_token: 'secret', evidence_allowed: 20,
  } satisfies ReceiptOut
  const words = (it: ReceiptOut) => pictureOf(it, '示例区人社局').strokes.map((stroke) => (stroke.kind === 'text' ? stroke.text : '')).join('|')

  it('says number, time, code, date, article and digest', () => {
    const text = words(receipt)
    for (const fact of ['0437号', '2026年11月23日 14:32', '7K3M-9QTX-4HWB-2RNE', '11月', '30', '周一', '第三十六条', 'abababab']) expect(text).toContain(fact)
  })
  it('never shows the amount or the token', () => expect(words(receipt)).not.toMatch(/17,?500|secret/))
  it('says 约 when the date is provisional', () => {
    expect(words({ ...receipt, next: { ...receipt.next, is_provisional: true } })).toMatch(/约 11月/)
  })
  it('keeps rare characters whole when it breaks a line', () => expect(wrap('𠮷𠮷𠮷', 2)).toEqual(['𠮷𠮷', '𠮷']))
  it('begins no line with a closing mark', () => expect(wrap('一二三。四', 3)).toEqual(['一二三。', '四']))
  it('writes the digest in groups', () => expect(digestLines('0123456789abcdef'.repeat(4))[0]).toBe('01234567 89abcdef 01234567 89abcdef'))
})
