// Small things of the device: random bytes, the clipboard, a telephone call, the system's type size, the page title.

/** Random bytes for keys, as lower-case hex; 16 bytes make the 128-bit key of a draft. */
export async function randomHex(bytes: number): Promise<string> {
  // #ifdef H5
  return toHex(crypto.getRandomValues(new Uint8Array(bytes)))
  // #endif
  // #ifdef MP-WEIXIN
  return new Promise((resolve, reject) => {
    wx.getRandomValues({
      length: bytes,
      success: (answer: { randomValues: ArrayBuffer }) => resolve(toHex(new Uint8Array(answer.randomValues))),
      fail: reject,
    })
  })
  // #endif
}

/** Bytes as lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Puts text on the clipboard; false when the phone does not allow it. */
export async function copyText(text: string): Promise<boolean> {
  // #ifdef H5
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false // no permission or not a secure address: the page shows the text to copy by hand
  }
  // #endif
  // #ifdef MP-WEIXIN
  return new Promise((resolve) => {
    uni.setClipboardData({ data: text, showToast: false, success: () => resolve(true), fail: () => resolve(false) })
  })
  // #endif
}

/** Opens the dialler with a number; nothing is called without the person's own tap there. */
export function dial(phone: string): void {
  // #ifdef H5
  window.location.href = `tel:${phone.replace(/[^\d+]/g, '')}`
  return
  // #endif
  // #ifdef MP-WEIXIN
  uni.makePhoneCall({ phoneNumber: phone, fail: () => undefined })
  // #endif
}

/** The type size the system asks for, in px: WeChat's fontSizeSetting, the browser's own default on the web. */
export function systemFontPx(): number {
  // #ifdef H5
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16
  // #endif
  // #ifdef MP-WEIXIN
  return wx.getAppBaseInfo().fontSizeSetting ?? 16
  // #endif
}

/** Moves reading and keyboard focus to an element, scrolled into view (the web; WeChat scrolls to it). */
export function focusOn(id: string): void {
  // #ifdef H5
  // Pages that Back can return to stay in the document, hidden: the one on the screen is meant.
  const element = Array.from(document.querySelectorAll<HTMLElement>(`[id="${id}"]`)).find((it) => it.offsetParent !== null)
  element?.focus({ preventScroll: true })
  element?.scrollIntoView({ block: 'center' })
  return
  // #endif
  // #ifdef MP-WEIXIN
  uni.pageScrollTo({ selector: `#${id}`, duration: 0, offsetTop: -80 })
  // #endif
}

/** Scrolls an element to the top of the screen, under what stays there. */
export function bringToTop(id: string): void {
  // #ifdef H5
  document.getElementById(id)?.scrollIntoView({ block: 'start' })
  return
  // #endif
  // #ifdef MP-WEIXIN
  uni.pageScrollTo({ selector: `#${id}`, duration: 0, offsetTop: -80 })
  // #endif
}

/** Which of the two builds this is, for the X-Client header. */
export function clientName(): 'mini' | 'web' {
  // #ifdef H5
  return 'web'
  // #endif
  // #ifdef MP-WEIXIN
  return 'mini'
  // #endif
}
