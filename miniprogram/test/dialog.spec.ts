// A sheet over the page: Esc closes it, Tab goes round in it, and afterwards the keyboard is free again.
import { afterEach, expect, it } from 'vitest'
import { holdKeyboard } from '@/platform/dialog'

let letGo = () => {}
let closed = 0
afterEach(() => letGo())

/** A page with a key behind a sheet of two; a hidden page before it has a sheet of the same name. */
function show() {
  closed = 0
  document.body.innerHTML = `
    <div hidden><div role="dialog"><h2 id="t">旧</h2><button id="old">旧</button></div></div>
    <button id="behind">后面</button>
    <div role="dialog"><h2 id="t" tabindex="-1">题</h2><button id="first">一</button><input disabled><button id="last">二</button></div>`
  letGo = holdKeyboard('t', () => closed++)
}

/** Presses a key; whether the page took it away from the browser. */
function press(key: string, more: KeyboardEventInit = {}): boolean {
  return !document.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true, ...more }))
}
const at = () => document.activeElement?.id
const focus = (id: string) => document.querySelector<HTMLElement>(`#${id}`)!.focus()

it('closes with Esc, but not while Chinese is being typed', () => {
  show()
  press('Escape', { isComposing: true })
  expect(closed).toBe(0)
  press('Escape')
  expect(closed).toBe(1)
})
it('goes from the last key to the first and back', () => {
  show()
  focus('last')
  expect([press('Tab'), at()]).toEqual([true, 'first'])
  expect([press('Tab', { shiftKey: true }), at()]).toEqual([true, 'last'])
  expect([press('Tab', { shiftKey: true }), at()]).toEqual([false, 'last'])
})
it('brings the keyboard in from outside, and from its title backwards to its end', () => {
  show()
  focus('behind')
  expect([press('Tab'), at()]).toEqual([true, 'first'])
  document.querySelectorAll<HTMLElement>('#t')[1].focus()
  expect([press('Tab'), at()]).toEqual([false, 't'])
  expect([press('Tab', { shiftKey: true }), at()]).toEqual([true, 'last'])
})
it('lets the keyboard go when it is closed', () => {
  show()
  letGo()
  focus('behind')
  press('Escape')
  expect([closed, press('Tab'), at()]).toEqual([0, false, 'behind'])
})
