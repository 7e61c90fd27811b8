// The chat: what the server says, and every call on a conversation. Whoever holds the conversation's key may read it.
import { call } from './call'
import type { components } from './api.gen'

type Shapes = components['schemas']
/** What the server always sends, though the document calls it optional because it has a default. */
type Sent<Name extends keyof Shapes> = Required<Shapes[Name]>

export type Turn = Sent<'TurnOut'>
export type Entry = Shapes['FaqEntryOut']
export type EntryAction = Shapes['ActionOut']
export type Citation = Shapes['CitationOut']
export type ChatChoice = Shapes['ChoiceOut']
export type Waiting = Shapes['WaitingOut']
export type Feedback = Shapes['GiveFeedback']['verdict']
export type Start = Shapes['StartOut']
export type Prefill = Sent<'PrefillOut'>
export type Article = Shapes['ArticleOut']
export interface Conversation { turns: Turn[]; has_more: boolean; keep_days: number }

/** Who speaks: the conversation's key, and the worker's token if somebody is signed in. */
export interface Speaker { key: string; token: string | null }

/** What a person can do in the chat; each is sent with a random key and counts once however often it is sent. */
export type Act =
  | { to: 'questions'; body: { text: string } }
  | { to: 'choices'; body: { turn_id: number; entry_id: string | null; value: string | null } }
  | { to: 'human'; body: { text: string | null; phone: string | null } }
  | { to: 'restart'; body: Record<string, never> }

const as = ({ key, token }: Speaker) => ({ token, headers: { 'X-Conversation': key } })

/** What stands in an empty chat. */
export const readStart = (): Promise<Start> => call('GET', '/faq/start')

/** The last turns, or those before the turn `before`. */
export const readTurns = (who: Speaker, before: number | null): Promise<Conversation> => call('GET', before === null ? '/conversation' : `/conversation?before=${before}`, as(who))

/** Does something; gives the turns that it added. */
export const act = (who: Speaker, it: Act, key: string): Promise<Conversation> => call('POST', `/conversation/${it.to}`, { ...as(who), body: { key, ...it.body } })

/** Makes the conversation's key worthless: whoever holds it reads nothing any more. */
export const renewKey = (who: Speaker): Promise<void> => call('DELETE', '/conversation/key', as(who))

/** 有用 or 没用, with the reason. */
export const rateTurn = (who: Speaker, id: number, verdict: Feedback): Promise<Turn> => call('POST', `/conversation/turns/${id}/feedback`, { ...as(who), body: { verdict } })

/** What was said, as far as the complaint form asks for it. */
export const readPrefill = (who: Speaker): Promise<Prefill> => call('GET', '/conversation/prefill', as(who))

/** One answer as it is in force now. */
export const readEntry = (id: string): Promise<Entry> => call('GET', `/faq/entries/${encodeURIComponent(id)}`)

/** An article of a law. */
export const readArticle = (law: string, article: string): Promise<Article> => call('GET', `/articles?law=${encodeURIComponent(law)}&article=${encodeURIComponent(article)}`)
