// Sending what was written: one at a time, and every way it can fail told in words, with nothing lost.
import { computed, reactive } from 'vue'
import { ApiProblem, isPassing, spokenCode } from '@/api/call'
import { forgetTokenFor } from './session'
import { sending as words } from '@/texts/case'
import type { FieldError } from '@/api/types'

export interface SendFaultState { kind: 'offline' | 'signed_out' | 'refused' | 'ours'; title: string; text: string; code: string; problem: string; fields: FieldError[] }

/** The state of sending and `send`, which gives what the server answered, or null after a failure. */
export function useSend(caseId: () => string) {
  const state = reactive<{ is_busy: boolean; fault: SendFaultState | null }>({ is_busy: false, fault: null })

  async function send<T>(act: () => Promise<T>): Promise<{ answer: T } | null> {
    if (state.is_busy) return null
    state.is_busy = true
    state.fault = null
    try {
      return { answer: await act() }
    } catch (failure) {
      state.fault = faultOf(failure, Date.now())
      if (state.fault.kind === 'signed_out') forgetTokenFor(caseId())
      return null
    } finally {
      state.is_busy = false
    }
  }

  /** Signing in comes first: the page then hides its own button. */
  const isSignedOut = computed(() => state.fault?.kind === 'signed_out')
  return { state, send, isSignedOut }
}

/** A failure in the words of the screen. */
export function faultOf(failure: unknown, nowMs: number): SendFaultState {
  const none = { code: '', problem: '', fields: [] }
  if (failure instanceof ApiProblem) {
    const { status, code, detail, errors } = failure
    if (status === 401) return { ...none, kind: 'signed_out', title: words.signedOutTitle, text: words.signedOut, problem: code }
    if (!isPassing(failure)) return { ...none, kind: 'refused', title: words.refusedTitle, text: detail, problem: code, fields: errors }
    return { ...none, kind: 'ours', title: words.oursTitle, text: detail || words.ours, code: spokenCode(failure, nowMs), problem: code }
  }
  if (isPassing(failure)) return { ...none, kind: 'offline', title: words.offlineTitle, text: words.offline }
  return { ...none, kind: 'ours', title: words.oursTitle, text: words.ours, code: spokenCode(failure, nowMs) }
}
