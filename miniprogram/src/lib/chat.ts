// The conversation of this phone: what was said, what is on its way, and every act in it; one for all pages.
import { reactive, watch } from 'vue'
import { act, rateTurn, readStart, readTurns, renewKey, type Act, type ChatChoice, type Feedback, type Speaker, type Start, type Turn } from '@/api/chat'
import { ApiProblem, isPassing } from '@/api/call'
import { randomHex } from '@/platform/device'
import { NetworkFailure } from '@/platform/http'
import { onNetworkChange } from '@/platform/network'
import { readStored, writeStored } from '@/platform/storage'
import { conversationKey, dropRetired, leaveConversation, retireChat, retiredKeys, useConversation, useKeptChat, type Unsent } from './chatkept'
import { merge } from './chatturns'
import { forgetSession, workerToken } from './session'

export const SLOW_MS = 8_000
const START = 'chat.start'

const kept = useKeptChat()
const conversation = useConversation()
const state = reactive({
  start: readStored<Start>(START),
  turns: [] as Turn[],
  has_more: false,
  has_loaded: false,
  /** Why the history could not be read. */
  fault: '' as '' | 'offline' | 'broken',
  /** What is asked over the page. */
  sheet: '' as '' | 'human' | 'draft' | 'wipe',
})

// Another conversation: what was said in the last one is gone from the screen too.
watch(() => conversation.key, (_, old) => {
  if (old) Object.assign(state, { turns: [], has_more: false })
}, { flush: 'sync' })

// Once for all visits to the page: what waited for a network goes, what could not be read is read.
onNetworkChange((isOnline) => isOnline && state.has_loaded && void loadChat())

/** The conversation, reactive. */
export function useChat(): typeof state {
  return state
}

/** Reads it all again: what to greet with, what was said, and sends what waits. */
export async function loadChat(): Promise<void> {
  void flush()
  await Promise.all([loadStart(), refresh(), sendRetired()])
}

/** The last turns from the server; a failure leaves what is shown. */
export async function refresh(): Promise<void> {
  if (!conversation.key) return void Object.assign(state, { has_loaded: true, fault: '' })
  try {
    const page = await asSpeaker((who) => readTurns(who, null))
    const first = state.turns[0]
    if (!first || (page.turns[0] && page.turns[0].id <= first.id)) state.has_more = page.has_more
    state.turns = merge(state.turns, page.turns)
    state.fault = ''
  } catch (failure) {
    state.fault = failure instanceof NetworkFailure ? 'offline' : 'broken'
  } finally {
    state.has_loaded = true
  }
}

/** Older turns, put before what is shown. */
export async function readOlder(): Promise<void> {
  try {
    const page = await asSpeaker((who) => readTurns(who, state.turns[0]?.id ?? null))
    Object.assign(state, { turns: merge(page.turns, state.turns), has_more: page.has_more, fault: '' })
  } catch (failure) {
    state.fault = failure instanceof NetworkFailure ? 'offline' : 'broken'
  }
}

/** Asks in the person's own words. */
export const ask = (text: string): Promise<void> => say({ to: 'questions', body: { text } }, text)

/** Answers with a button of a turn. */
export const choose = (turnId: number, it: ChatChoice): Promise<void> =>
  say({ to: 'choices', body: { turn_id: turnId, entry_id: it.entry_id ?? null, value: it.value ?? null } }, it.label)

/** Calls a person. */
export const callHuman = (text: string, phone: string, shown: string): Promise<void> =>
  say({ to: 'human', body: { text: text || null, phone: phone || null } }, text || shown)

/** 重新开始: what was said is not used any more. */
export const restartTalk = (shown: string): Promise<void> => say({ to: 'restart', body: {} }, shown)

/** 清掉这台手机上的对话: gone from here at once; the server makes its key worthless now, or when there is a network. */
export async function wipeTalk(): Promise<void> {
  retireChat()
  await sendRetired()
}

async function sendRetired(): Promise<void> {
  for (const key of retiredKeys()) {
    try {
      await renewKey({ key, token: workerToken() })
    } catch (failure) {
      if (!(failure instanceof ApiProblem) || isPassing(failure)) return // the next visit tries again
      if (failure.status === 401) {
        forgetSession()
        return sendRetired() // without a token the key may open nothing any more, and then it is done
      }
    }
    dropRetired(key)
  }
}

/** Says whether a turn helped; false when it did not get through. */
export async function rate(id: number, verdict: Feedback): Promise<boolean> {
  try {
    const turn = await asSpeaker((who) => rateTurn(who, id, verdict))
    state.turns = merge(state.turns, [turn])
    return true
  } catch {
    return false
  }
}

/** Calls with the conversation's key; a key that is somebody else's now is replaced, an ended sign-in forgotten. */
export async function asSpeaker<T>(send: (who: Speaker) => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await send({ key: await conversationKey(), token: workerToken() })
    } catch (failure) {
      if (tries > 1 || !(failure instanceof ApiProblem)) throw failure
      if (failure.status === 401) forgetSession()
      else if (failure.code === 'not_yours') leaveConversation()
      else throw failure
    }
  }
}

async function say(it: Act, text: string): Promise<void> {
  kept.unsent.push({ key: await randomHex(16), act: it, text, state: 'sending', reason: '' })
  await flush()
}

/** The latest sending of each unsent thing that has not come back. */
const flying = new Map<string, object>()

/** Sends what waits, one after the other: an answer may depend on what was said before it. */
export async function flush(): Promise<void> {
  const next = kept.unsent.find((it) => it.state !== 'refused')
  if (!next || flying.has(next.key)) return
  if (await attempt(next)) await flush()
}

/** Sends one again at once, beside a sending that has not come back. */
export async function again(it: Unsent): Promise<void> {
  if (await attempt(it)) await flush()
}

/** Takes a refused one away. */
export function drop(key: string): void {
  const at = kept.unsent.findIndex((it) => it.key === key)
  if (at >= 0) kept.unsent.splice(at, 1)
}

/** One sending; true when the next one may go. */
async function attempt(it: Unsent): Promise<boolean> {
  const isHere = () => kept.unsent.some((one) => one.key === it.key)
  const mine = {}
  flying.set(it.key, mine)
  const isLatest = () => isHere() && flying.get(it.key) === mine
  it.state = 'sending'
  const timer = setTimeout(() => isLatest() && (it.state = 'slow'), SLOW_MS)
  try {
    const { turns } = await asSpeaker((who) => act(who, it.act, it.key))
    // Signed out or dropped meanwhile: the answer belongs to nobody here.
    if (isHere()) state.turns = merge(state.turns, turns)
    drop(it.key)
    return true
  } catch (failure) {
    if (isLatest()) Object.assign(it, { state: stateAfter(failure), reason: failure instanceof ApiProblem ? failure.detail : '' })
    return (it.state as Unsent['state']) === 'refused' || !isHere()
  } finally {
    clearTimeout(timer)
    if (flying.get(it.key) === mine) flying.delete(it.key)
  }
}

function stateAfter(failure: unknown): Unsent['state'] {
  if (!(failure instanceof ApiProblem)) return isPassing(failure) ? 'offline' : 'ours'
  // Too many at once cures itself; what the server will not take, only the person can change.
  return isPassing(failure) || failure.status === 429 ? 'ours' : 'refused'
}

async function loadStart(): Promise<void> {
  try {
    state.start = await readStart()
    writeStored(START, state.start)
  } catch {
    // The copy of last time serves; without one the page says that it has not loaded.
  }
}
