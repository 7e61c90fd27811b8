// Whether a step was opened from the review to change one thing: the next tap then leads back there.
import { ref } from 'vue'

const isOn = ref(false)

/** True between 改 on the review and the return to it. */
export const isEditing = { get value() { return isOn.value } }

/** Begins a change from the review. */
export function startEditing(): void {
  isOn.value = true
}

/** The review is on the screen again, or the form has been begun anew. */
export function endEditing(): void {
  isOn.value = false
}
