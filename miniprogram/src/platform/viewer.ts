// Opening a file the server shows: a new tab on the web, WeChat's own viewers in the mini-program.

/** The full address of something under our own server. */
export function addressOf(path: string): string {
  // #ifdef H5
  return path
  // #endif
  // #ifdef MP-WEIXIN
  return import.meta.env.VITE_API_BASE + path
  // #endif
}

/** Shows a file by its signed link; resolves false when the phone has nothing to show it with. */
export async function showFile(path: string, kind: string | null): Promise<boolean> {
  // #ifdef H5
  void kind // the browser knows by the answer's own type
  window.open(path, '_blank', 'noopener')
  return true
  // #endif
  // #ifdef MP-WEIXIN
  return showInWechat(addressOf(path), kind)
  // #endif
}

// #ifdef MP-WEIXIN
function showInWechat(url: string, kind: string | null): Promise<boolean> {
  return new Promise((resolve) => {
    const done = { success: () => resolve(true), fail: () => resolve(false) }
    if (kind === 'image') uni.previewImage({ urls: [url], ...done })
    else uni.downloadFile({ url, success: ({ tempFilePath }) => uni.openDocument({ filePath: tempFilePath, ...done }), fail: () => resolve(false) })
  })
}
// #endif
