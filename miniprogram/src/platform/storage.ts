// Small values kept on the phone: localStorage on the web, WeChat's storage in the mini-program.

const PREFIX = 'xh.'

/** The stored value, or null when there is none or it cannot be read. */
export function readStored<T>(key: string): T | null {
  // #ifdef H5
  try {
    const text = window.localStorage.getItem(PREFIX + key)
    return text === null ? null : (JSON.parse(text) as T)
  } catch {
    return null // private mode without storage, or a value another version wrote: as if never stored
  }
  // #endif
  // #ifdef MP-WEIXIN
  const text = uni.getStorageSync(PREFIX + key)
  return text ? (JSON.parse(text) as T) : null
  // #endif
}

/** Stores a value; false when the phone is full or refuses, so that the page can say so. */
export function writeStored(key: string, value: unknown): boolean {
  try {
    // #ifdef H5
    window.localStorage.setItem(PREFIX + key, JSON.stringify(value))
    return true
    // #endif
    // #ifdef MP-WEIXIN
    uni.setStorageSync(PREFIX + key, JSON.stringify(value))
    return true
    // #endif
  } catch {
    return false
  }
}

/** Forgets a value; forgetting what is not there is fine. */
export function dropStored(key: string): void {
  try {
    // #ifdef H5
    window.localStorage.removeItem(PREFIX + key)
    return
    // #endif
    // #ifdef MP-WEIXIN
    uni.removeStorageSync(PREFIX + key)
    // #endif
  } catch {
    // Storage that cannot be opened holds nothing to forget.
  }
}
