// Choosing files, and keeping them until they are uploaded: IndexedDB on the web, saved files in WeChat.
// A browser's File and WeChat's temporary path do not outlive a restart, so a chosen file is copied at once.
import { deleteBlob, getBlob, putBlob } from './blobs'

export interface Picked {
  name: string
  size: number
  mime: string
  /** Blob on the web, temporary path in WeChat. */
  source: unknown
}

/** Held in memory only (an anonymous tip leaves nothing on the phone). */
const inMemory = new Map<string, unknown>()

/** Lets the person take or choose pictures and videos; empty when they change their mind. */
export function pickPhotos(most: number): Promise<Picked[]> {
  // #ifdef H5
  return pickByInput('image/*,video/*,.heic,.heif', most)
  // #endif
  // #ifdef MP-WEIXIN
  return new Promise((resolve) => {
    uni.chooseMedia({
      count: Math.min(most, 20),
      mediaType: ['mix'],
      sizeType: ['original'],
      success: (answer) => resolve(answer.tempFiles.map((file, index) => fromWechatMedia(file, index))),
      fail: () => resolve([]),
    })
  })
  // #endif
}

/** Lets the person choose any file: on the web from the phone, in WeChat from a chat. */
export function pickFiles(most: number): Promise<Picked[]> {
  // #ifdef H5
  return pickByInput('', most)
  // #endif
  // #ifdef MP-WEIXIN
  return new Promise((resolve) => {
    wx.chooseMessageFile({
      count: Math.min(most, 20),
      type: 'all',
      success: (answer: { tempFiles: { name: string; size: number; path: string }[] }) =>
        resolve(answer.tempFiles.map((file) => ({ name: file.name, size: file.size, mime: '', source: file.path }))),
      fail: () => resolve([]),
    })
  })
  // #endif
}

/** Copies a chosen file to where it outlives a restart; rejects when the phone has no room. */
export async function keepFile(key: string, picked: Picked, isMemoryOnly: boolean): Promise<void> {
  if (isMemoryOnly) {
    inMemory.set(key, picked.source)
    return
  }
  // #ifdef H5
  await putBlob(key, picked.source as Blob)
  return
  // #endif
  // #ifdef MP-WEIXIN
  await saveInWechat(key, picked.source as string)
  // #endif
}

/** Bytes [offset, offset + length) of a kept file; rejects when it is gone. */
export async function readKept(key: string, offset: number, length: number): Promise<ArrayBuffer> {
  // #ifdef H5
  const blob = (inMemory.get(key) as Blob | undefined) ?? (await getBlob(key))
  return blob.slice(offset, offset + length).arrayBuffer()
  // #endif
  // #ifdef MP-WEIXIN
  return readInWechat((inMemory.get(key) as string | undefined) ?? wechatPath(key), offset, length)
  // #endif
}

/** Forgets a kept file; forgetting one that is gone is fine. */
export async function dropKept(key: string): Promise<void> {
  // What was only in memory never touched the phone's storage, and must not open it now.
  if (inMemory.delete(key)) return
  // #ifdef H5
  await deleteBlob(key)
  return
  // #endif
  // #ifdef MP-WEIXIN
  await new Promise<void>((resolve) => {
    uni.getFileSystemManager().unlink({ filePath: wechatPath(key), complete: () => resolve() })
  })
  // #endif
}

/** Something an image element can show for a kept picture, or null. */
export async function previewOf(key: string, mime: string): Promise<string | null> {
  if (!/^image\/(jpeg|png|webp|gif)$/.test(mime)) return null
  // #ifdef H5
  try {
    return URL.createObjectURL((inMemory.get(key) as Blob | undefined) ?? (await getBlob(key)))
  } catch {
    return null // the copy is gone: the tile shows its sign instead
  }
  // #endif
  // #ifdef MP-WEIXIN
  return (inMemory.get(key) as string | undefined) ?? wechatPath(key)
  // #endif
}

// #ifdef H5
function pickByInput(accept: string, most: number): Promise<Picked[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.multiple = most > 1
    input.accept = accept
    input.className = 'offscreen file-input'
    input.setAttribute('aria-hidden', 'true')
    input.tabIndex = -1
    const finish = (files: File[]) => {
      input.remove()
      resolve(files.map((file) => ({ name: file.name, size: file.size, mime: file.type, source: file })))
    }
    input.addEventListener('change', () => finish(Array.from(input.files ?? [])))
    input.addEventListener('cancel', () => finish([]))
    document.body.appendChild(input)
    input.click()
  })
}
// #endif

// #ifdef MP-WEIXIN
function wechatPath(key: string): string {
  return `${wx.env.USER_DATA_PATH}/evidence-${key}`
}

function fromWechatMedia(file: { tempFilePath: string; size: number; fileType?: string }, index: number): Picked {
  const ending = /\.\w+$/.exec(file.tempFilePath)?.[0] ?? ''
  const isVideo = file.fileType === 'video'
  return {
    name: `${isVideo ? '视频' : '照片'}${index + 1}${ending}`,
    size: file.size,
    mime: isVideo ? 'video/mp4' : /png$/i.test(ending) ? 'image/png' : 'image/jpeg',
    source: file.tempFilePath,
  }
}

function saveInWechat(key: string, from: string): Promise<void> {
  return new Promise((resolve, reject) => {
    uni.getFileSystemManager().copyFile({
      srcPath: from,
      destPath: wechatPath(key),
      success: () => resolve(),
      fail: (reason) => reject(new Error(reason.errMsg)),
    })
  })
}

function readInWechat(filePath: string, position: number, length: number): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    uni.getFileSystemManager().readFile({
      filePath,
      position,
      length,
      success: (answer) => resolve(answer.data as ArrayBuffer),
      fail: (reason) => reject(new Error(reason.errMsg)),
    })
  })
}
// #endif
