// The size of type: 17, 22 or 30 px from one root class; the system's own size decides until the person chooses.
import { reactive } from 'vue'
import { systemFontPx } from '@/platform/device'
import { readStored, writeStored } from '@/platform/storage'

export type TypeSize = 17 | 22 | 30
export const TYPE_SIZES: TypeSize[] = [17, 22, 30]
const STORE = 'type_size'

/** Our step for a system size in px (16 or 17 is the usual one). */
export function stepFor(systemPx: number): TypeSize {
  if (systemPx >= 24) return 30
  return systemPx >= 20 ? 22 : 17
}

const state = reactive({ size: readStored<TypeSize>(STORE) ?? stepFor(systemFontPx()) })

/** The chosen size, reactive. */
export function useTypeSize(): { readonly size: TypeSize } {
  return state
}

/** Chooses a size and remembers it. */
export function setTypeSize(size: TypeSize): void {
  state.size = size
  writeStored(STORE, size)
}

/** The next size round: 17, 22, 30, 17. */
export function nextTypeSize(): void {
  setTypeSize(TYPE_SIZES[(TYPE_SIZES.indexOf(state.size) + 1) % TYPE_SIZES.length])
}
