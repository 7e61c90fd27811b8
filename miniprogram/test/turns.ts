// A turn of a conversation for tests.
import type { Turn } from '@/api/chat'

export const turn = (id: number, kind: Turn['kind'], more: Partial<Turn> = {}): Turn => ({
  id, at: '2026-11-24T02:00:00Z', author: kind === 'asked' || kind === 'chosen' ? 'person' : kind === 'reply' ? 'staff' : 'bot', kind, text: `第${id}句`,
  entry: null, entries: [], choices: [], phones: [], citations: [], waiting: null, feedback: null, can_rate: false, offers_complaint: false, offers_human: false, asks_phone: false, ...more,
})
