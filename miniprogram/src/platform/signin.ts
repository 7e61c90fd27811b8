// Signing in without typing: WeChat gives a code for the server; the web has nothing like it.

/** A one-time code of wx.login for the server, or null where the platform has none. */
export async function platformSignIn(): Promise<string | null> {
  // #ifdef H5
  return null
  // #endif
  // #ifdef MP-WEIXIN
  return new Promise((resolve) => {
    uni.login({ provider: 'weixin', success: (answer) => resolve(answer.code || null), fail: () => resolve(null) })
  })
  // #endif
}

/** Whether signing in needs a code by SMS: on the web it does, WeChat knows the person already. */
export const needsCode = asksForCode()

function asksForCode(): boolean {
  // #ifdef H5
  return true
  // #endif
  // #ifdef MP-WEIXIN
  return false
  // #endif
}
