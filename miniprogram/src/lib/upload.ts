// Uploading one file in pieces: asks the server how much it has, goes on from there, and survives a cut in the middle.
import { ApiProblem, call } from '@/api/call'
import type { EvidenceOut } from '@/api/types'

const PIECE_TIMEOUT_MS = 60_000
/** A server that keeps moving the offset would loop us for ever. */
const MOST_CORRECTIONS = 5

export interface UploadJob {
  key: string
  case_id: string
  token: string | null
  name: string
  size: number
  sha256: string
  is_place_stripped: boolean
  chunkBytes: number
  read: (offset: number, length: number) => Promise<ArrayBuffer>
  onProgress: (receivedBytes: number) => void
}

/** Uploads a file from wherever the server left off; resolves with sealed or refused evidence. */
export async function upload(job: UploadJob): Promise<EvidenceOut> {
  let evidence = await announce(job)
  let corrections = 0
  while (evidence.status === 'uploading') {
    job.onProgress(evidence.received_bytes)
    const offset = evidence.received_bytes
    const piece = await job.read(offset, Math.min(job.chunkBytes, job.size - offset))
    try {
      evidence = await call<EvidenceOut>('PUT', `/evidence/${evidence.id}/content?offset=${offset}`, {
        bytes: piece,
        token: job.token,
        timeoutMs: PIECE_TIMEOUT_MS,
      })
    } catch (failure) {
      if (!isOffsetCorrection(failure) || ++corrections > MOST_CORRECTIONS) throw failure
      evidence = { ...evidence, received_bytes: Number(failure.extra.received_bytes) }
    }
  }
  return evidence
}

function announce(job: UploadJob): Promise<EvidenceOut> {
  return call('POST', `/complaints/${job.case_id}/evidence`, {
    token: job.token,
    body: { name: job.name, size: job.size, sha256: job.sha256, key: job.key, strip_place: job.is_place_stripped },
  })
}

function isOffsetCorrection(failure: unknown): failure is ApiProblem {
  return failure instanceof ApiProblem && failure.code === 'offset' && Number.isInteger(failure.extra.received_bytes)
}
