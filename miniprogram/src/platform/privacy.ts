// WeChat's privacy gate: before a private interface runs, our own sheet asks; the web has no such gate.

type Settle = (answer: { event: 'agree' | 'disagree'; buttonId?: string }) => void

/** Calls `ask` when WeChat wants the person's agreement; it gets the function that takes the answer. */
export function onPrivacyAsked(ask: (settle: Settle) => void): void {
  // #ifdef MP-WEIXIN
  wx.onNeedPrivacyAuthorization((resolve: Settle) => ask(resolve))
  // #endif
  // #ifdef H5
  void ask // the web asks for no platform permission; our own notice comes before the first field
  // #endif
}
