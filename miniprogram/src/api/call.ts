// The one door to the API: sends, times out, and turns problem+json into an error the pages can show.
import { NetworkFailure, send } from '@/platform/http'
import type { FieldError } from './types'

const USUAL_TIMEOUT_MS = 20_000

export interface CallOptions {
  body?: unknown
  bytes?: ArrayBuffer
  token?: string | null
  headers?: Record<string, string>
  timeoutMs?: number
}

/** The server answered and said no; `detail` can be read by a worker. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: FieldError[],
    readonly extra: Record<string, unknown>,
  ) {
    super(`${status} ${code}`)
  }
}

/** Calls `/api/v1` + path. Rejects with ApiProblem (answered no) or NetworkFailure (no answer). */
export async function call<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, options: CallOptions = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', ...options.headers }
  if (options.token) headers.Authorization = `Bearer ${options.token}`
  if (options.body !== undefined) headers['Content-Type'] = 'application/json'
  if (options.bytes) headers['Content-Type'] = 'application/octet-stream'
  const answer = await send({
    method,
    path: `/api/v1${path}`,
    headers,
    body: options.bytes ?? (options.body === undefined ? null : JSON.stringify(options.body)),
    timeoutMs: options.timeoutMs ?? USUAL_TIMEOUT_MS,
  })
  if (answer.status >= 200 && answer.status < 300) return answer.body as T
  throw toProblem(answer.status, answer.body)
}

function toProblem(status: number, body: unknown): ApiProblem {
  const problem = (body && typeof body === 'object' ? body : {}) as Record<string, unknown>
  const errors = Array.isArray(problem.errors) ? (problem.errors as FieldError[]) : []
  return new ApiProblem(status, String(problem.code ?? `http_${status}`), String(problem.detail ?? ''), errors, problem)
}

/** True for what a second try may cure: no network, time-out, a busy or broken server. */
export function isPassing(failure: unknown): boolean {
  if (failure instanceof NetworkFailure) return true
  return failure instanceof ApiProblem && failure.status >= 500
}

/** A short code to read out on the telephone: the status and the minute, without anything personal. */
export function spokenCode(failure: unknown, nowMs: number): string {
  const what = failure instanceof ApiProblem ? String(failure.status) : failure instanceof NetworkFailure ? 'W' : 'X'
  return `E-${what}-${Math.floor(nowMs / 60_000).toString(36).slice(-4).toUpperCase()}`
}
