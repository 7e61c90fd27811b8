// What this phone keeps of the chat: the conversation's key, the words being typed, and what is not answered yet.
import { reactive, watch } from 'vue'
import { randomHex } from '@/platform/device'
import { dropStored, readStored, writeStored } from '@/platform/storage'
import type { Act } from '@/api/chat'

/** Something said here that the server has not answered; its key makes a second sending the same one. */
export interface Unsent {
  key: string
  act: Act
  /** How it reads in the chat until the server has it. */
  text: string
  state: 'sending' | 'slow' | 'offline' | 'ours' | 'refused'
  reason: string
}

interface Kept { text: string; unsent: Unsent[] }

const STORE = 'chat'
const KEY = 'chat.key'
const RETIRED = 'chat.retired'
const empty = (): Kept => ({ text: '', unsent: [] })
const kept = reactive<Kept>({ ...empty(), ...readStored<Kept>(STORE) })
const conversation = reactive({ key: readStored<string>(KEY) ?? '' })

// Synchronous: the phone may be killed right after a key press.
watch(kept, () => writeStored(STORE, kept), { deep: true, flush: 'sync' })

/** What is typed and not answered, reactive; every change is stored at once. */
export function useKeptChat(): Kept {
  return kept
}

/** The conversation's key, reactive; empty before the first words. */
export function useConversation(): { readonly key: string } {
  return conversation
}

/** The key, made when it is first needed. */
export async function conversationKey(): Promise<string> {
  if (!conversation.key) {
    const made = await randomHex(16)
    // Another open tab may have begun one meanwhile.
    conversation.key ||= readStored<string>(KEY) ?? made
    writeStored(KEY, conversation.key)
  }
  return conversation.key
}

/** Leaves a conversation that is somebody else's now; what was typed and not answered goes into a new one. */
export function leaveConversation(): void {
  conversation.key = ''
  dropStored(KEY)
}

/** Keys of conversations that were wiped here and that the server still opens. */
export function retiredKeys(): string[] {
  return readStored<string[]>(RETIRED) ?? []
}

/** The server knows: nothing of it is left on this phone. */
export function dropRetired(key: string): void {
  const left = retiredKeys().filter((it) => it !== key)
  if (left.length) writeStored(RETIRED, left)
  else dropStored(RETIRED)
}

/** 清掉这台手机上的对话: nothing here shows it; its key waits only to be made worthless. */
export function retireChat(): void {
  if (conversation.key) writeStored(RETIRED, [...retiredKeys(), conversation.key])
  forgetChat()
}

/** Forgets all of it (signing out, a borrowed phone). */
export function forgetChat(): void {
  leaveConversation()
  Object.assign(kept, empty())
  dropStored(STORE)
}
