// Whether the page draws its own title bar and tabs: on the web yes, in WeChat they are the app's.

/** True on the web. */
export const hasOwnBars = drawsBars()

function drawsBars(): boolean {
  // #ifdef H5
  return true
  // #endif
  // #ifdef MP-WEIXIN
  return false
  // #endif
}
