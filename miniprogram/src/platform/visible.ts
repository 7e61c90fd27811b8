// Whether the page is in front of somebody's eyes: a hidden browser tab need not ask the server.

/** True while the page can be seen; WeChat stops a hidden page by itself. */
export function isVisible(): boolean {
  // #ifdef H5
  return document.visibilityState !== 'hidden'
  // #endif
  // #ifdef MP-WEIXIN
  return true
  // #endif
}
