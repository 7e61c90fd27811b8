// Faults the server found, carried to the step whose field they belong to.
import { stepOf, type Fault, type Step } from './checks'
import type { FieldError } from '@/api/types'

let waiting: Fault[] = []

/** Keeps the server's faults; gives the step of the first one. */
export function keepServerFaults(errors: FieldError[]): Step {
  waiting = errors.map(({ field, message }) => ({ field, message }))
  return stepOf(errors[0].field)
}

/** The kept faults of a step, once. */
export function takeServerFaults(step: Step): Fault[] {
  const mine = waiting.filter((it) => stepOf(it.field) === step)
  waiting = waiting.filter((it) => stepOf(it.field) !== step)
  return mine
}
