// Whether the phone is connected, and a call when it comes back.

/** What the phone itself believes; true when unknown. */
export function seemsOnline(): boolean {
  // #ifdef H5
  return navigator.onLine
  // #endif
  // #ifdef MP-WEIXIN
  return wechatOnline
  // #endif
}

/** Calls back each time the connection comes or goes. */
export function onNetworkChange(listener: (isOnline: boolean) => void): void {
  // #ifdef H5
  window.addEventListener('online', () => listener(true))
  window.addEventListener('offline', () => listener(false))
  return
  // #endif
  // #ifdef MP-WEIXIN
  uni.onNetworkStatusChange((state) => {
    wechatOnline = state.isConnected
    listener(state.isConnected)
  })
  // #endif
}

// #ifdef MP-WEIXIN
let wechatOnline = true
// #endif
