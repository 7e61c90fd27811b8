// Picks the message of one field out of the faults of a step.
import type { Fault } from './checks'

/** The message for a field, or an empty string. */
export function faultOf(faults: Fault[], field: string): string {
  return faults.find((it) => it.field === field)?.message ?? ''
}
