// WeChat's own question about messages (订阅消息): only right inside a tap; the web has nothing like it.

/** What WeChat may answer for one template. */
export type Tapped = 'accept' | 'reject' | 'ban' | 'filter'

/** Whether this platform can ask at all. */
export const canSubscribe = hasSubscriptions()

function hasSubscriptions(): boolean {
  // #ifdef H5
  return false
  // #endif
  // #ifdef MP-WEIXIN
  return true
  // #endif
}

/**
 * Asks about at most three templates; gives what was tapped for each, or nothing where nobody was asked.
 * Must be called before anything is waited for: WeChat takes it only from inside a tap.
 */
export function askSubscribe(templates: string[]): Promise<Record<string, Tapped>> {
  // #ifdef H5
  void templates
  return Promise.resolve({})
  // #endif
  // #ifdef MP-WEIXIN
  return new Promise((resolve) => {
    wx.requestSubscribeMessage({
      tmplIds: templates,
      success: (answer: Record<string, string>) => resolve(tappedIn(answer, templates)),
      // The person has switched messages off, or WeChat did not take it as a tap: nothing was agreed to.
      fail: () => resolve({}),
    })
  })
  // #endif
}

/** The answers to our templates among everything WeChat sends along. */
export function tappedIn(answer: Record<string, string>, templates: string[]): Record<string, Tapped> {
  const known = templates.filter((id) => ['accept', 'reject', 'ban', 'filter'].includes(answer[id] ?? ''))
  return Object.fromEntries(known.map((id) => [id, answer[id] as Tapped]))
}
