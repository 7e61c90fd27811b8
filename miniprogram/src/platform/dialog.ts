// A sheet over the page on the web: Esc closes it and Tab stays inside; WeChat has neither key.
const REACHED = 'button:not([disabled]), a[href], input:not([disabled]), textarea:not([disabled]), select, [tabindex]:not([tabindex="-1"])'

/** Keeps the keyboard inside the sheet that holds the element with this id; gives how to let it go. */
export function holdKeyboard(id: string, close: () => void): () => void {
  // #ifdef H5
  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing) return // Esc here takes back what is being typed in Chinese
    if (event.key === 'Escape') {
      event.preventDefault()
      close()
    } else if (event.key === 'Tab') turn(event, sheetOf(id))
  }
  document.addEventListener('keydown', onKey)
  return () => document.removeEventListener('keydown', onKey)
  // #endif
  // #ifdef MP-WEIXIN
  return () => undefined
  // #endif
}

// #ifdef H5
/** Pages that Back can return to stay in the document, before the one on the screen. */
function sheetOf(id: string): Element | null {
  const all = document.querySelectorAll(`[id="${id}"]`)
  return all.length ? all[all.length - 1].closest('[role="dialog"]') : null
}

/** From the last key to the first, and back; from outside, in. */
function turn(event: KeyboardEvent, sheet: Element | null): void {
  const keys = sheet ? Array.from(sheet.querySelectorAll<HTMLElement>(REACHED)) : []
  if (!sheet || !keys.length) return
  const at = keys.indexOf(document.activeElement as HTMLElement)
  const isInside = sheet.contains(document.activeElement)
  const isEdge = event.shiftKey ? at <= 0 : at === keys.length - 1
  if (isInside && !isEdge) return
  event.preventDefault()
  keys[event.shiftKey ? keys.length - 1 : 0].focus()
}
// #endif
