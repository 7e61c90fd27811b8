// An order for a lecture as four steps: 点单, 派单, 送单, 评单, and the date by which we answer.
import { sayMoment } from '@/lib/dates'
import { order as words } from '@/texts/lectures'
import type { Order } from '@/api/lectures'
import type { DateOut } from '@/api/types'

export interface Step { key: string; title: string; text: string; kind: 'done' | 'now' | 'later' }

/** How many of the four steps are done in each state. */
const DONE = { ordered: 1, assigned: 2, proposed: 2, agreed: 2, held: 3, rated: 4, declined: 1, withdrawn: 1 }

/** The steps as they stand; an order that ended early has no present step. */
export function stepsOf(item: Order, thisYear: number): Step[] {
  const done = item.state === 'declined' || item.state === 'withdrawn' ? (item.officer_name ? 2 : 1) : DONE[item.state]
  const isOver = item.state === 'declined' || item.state === 'withdrawn'
  const texts = stepTexts(item, thisYear)
  return (['ordered', 'assigned', 'agreed', 'rated'] as const).map((key, index) => ({
    key, title: words.steps[key], text: texts[index],
    kind: index < done ? 'done' : index === done && !isOver ? 'now' : 'later',
  }))
}

function stepTexts(item: Order, thisYear: number): string[] {
  const { stepTexts: texts } = words
  const on = item.proposed_at ? sayMoment(item.proposed_at, thisYear) : ''
  const delivered = item.held_at ? texts.heldOn(sayMoment(item.held_at, thisYear), item.attended ?? null) : item.state === 'agreed' ? texts.agreedOn(on) : texts.agreed
  return [
    sayMoment(item.ordered_at, thisYear),
    item.officer_name ? texts.officer(item.officer_name) : texts.assigned,
    delivered,
    item.verdict ? words.verdict(verdictWord(item.verdict)) : texts.rated,
  ]
}

/** The word for a verdict. */
export const verdictWord = (verdict: NonNullable<Order['verdict']>): string => words.verdicts.find((it) => it.value === verdict)?.label ?? ''

/** The plate of the day by which we answer; null once we have. */
export function answerPlate(item: Order): DateOut | null {
  if (item.state !== 'ordered' && item.state !== 'assigned') return null
  return { key: 'answer', due_on: item.answer_due_on, title: words.answerBy, sentence: item.is_late ? words.lateText : words.answerText, is_passed: item.is_late, is_provisional: false, law: null } as DateOut
}

/** Whether the orderer may still say no. */
export const canWithdraw = (item: Order): boolean => ['ordered', 'assigned', 'proposed', 'agreed'].includes(item.state)
