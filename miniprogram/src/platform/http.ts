// One request over the network: fetch on the web (own origin), wx.request in the mini-program (VITE_API_BASE).

export interface Outgoing {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  headers: Record<string, string>
  body: string | ArrayBuffer | null
  timeoutMs: number
}

export interface Incoming { status: number; body: unknown }

/** Nothing came back: the phone is offline, the server is not there, or it took too long. */
export class NetworkFailure extends Error {
  constructor(readonly kind: 'offline' | 'timeout') {
    super(kind)
  }
}

/** Sends one request; rejects with NetworkFailure when no answer came at all. */
export async function send(request: Outgoing): Promise<Incoming> {
  // #ifdef H5
  return sendByFetch(request)
  // #endif
  // #ifdef MP-WEIXIN
  return sendByWechat(request)
  // #endif
}

// #ifdef H5
async function sendByFetch(request: Outgoing): Promise<Incoming> {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), request.timeoutMs)
  try {
    const answer = await fetch(request.path, {
      method: request.method,
      headers: request.headers,
      body: request.body,
      signal: abort.signal,
      credentials: 'omit',
      cache: 'no-store',
    })
    return { status: answer.status, body: parseJson(await answer.text()) }
  } catch {
    throw new NetworkFailure(abort.signal.aborted ? 'timeout' : 'offline')
  } finally {
    clearTimeout(timer)
  }
}
// #endif

// #ifdef MP-WEIXIN
function sendByWechat(request: Outgoing): Promise<Incoming> {
  return new Promise((resolve, reject) => {
    uni.request({
      url: import.meta.env.VITE_API_BASE + request.path,
      method: request.method,
      header: request.headers,
      data: request.body ?? undefined,
      dataType: 'text',
      timeout: request.timeoutMs,
      success: (answer) => resolve({ status: answer.statusCode, body: parseJson(String(answer.data ?? '')) }),
      fail: (reason) => reject(new NetworkFailure(/time\s*out/i.test(reason.errMsg ?? '') ? 'timeout' : 'offline')),
    })
  })
}
// #endif

function parseJson(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return null // a proxy's HTML page: the status says what happened
  }
}
