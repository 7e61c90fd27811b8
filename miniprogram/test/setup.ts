// The platform objects that plain TypeScript touches when it is tested without uni.
import { Blob as NodeBlob } from 'node:buffer'
import 'fake-indexeddb/auto'
import { beforeEach, vi } from 'vitest'

const nothing = () => undefined
Object.assign(globalThis, {
  Blob: NodeBlob, // the one that can be cloned into a database
  uni: new Proxy({}, { get: () => nothing }),
  wx: new Proxy({ env: { USER_DATA_PATH: 'wxfile://usr' } }, { get: (target, name) => Reflect.get(target, name) ?? nothing }),
})

beforeEach(() => {
  localStorage.clear()
  vi.restoreAllMocks()
})
