// Moving between pages: tabs exist as WeChat's own bar in the mini-program and as our own links on the web.

/** Opens a page on top of this one. */
export function open(url: string): void {
  uni.navigateTo({ url })
}

/**
 * Goes back to a page that is already open below this one, or opens it on top.
 * So no page stands twice in the document (its labels would name the hidden copy), and WeChat's ten levels are enough.
 */
export function openOrReturn(url: string): void {
  const pages = getCurrentPages() as unknown as { $page?: { fullPath?: string } }[]
  const at = pages.findIndex((page) => page.$page?.fullPath === url)
  if (at >= 0 && at < pages.length - 1) uni.navigateBack({ delta: pages.length - 1 - at })
  else open(url)
}

/** Opens a page in place of this one, so that Back does not return here. */
export function replace(url: string): void {
  uni.redirectTo({ url })
}

/** Opens a page with nothing behind it: what is finished cannot be gone back into. */
export function restart(url: string): void {
  uni.reLaunch({ url })
}

/** Back one page or more; the home page when there is nothing behind (a reloaded web page). */
export function back(delta = 1): void {
  if (getCurrentPages().length > delta) uni.navigateBack({ delta })
  else restart('/pages/home/index')
}

/** Opens one of the three tabs. */
export function openTab(url: string): void {
  // #ifdef H5
  restart(url)
  return
  // #endif
  // #ifdef MP-WEIXIN
  uni.switchTab({ url })
  // #endif
}
