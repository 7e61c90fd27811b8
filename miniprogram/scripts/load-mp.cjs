// Loads a built mini-program under a stub `wx`: every page and component must register, and every request must go to our server.
const fs = require('node:fs')
const Module = require('node:module')
const path = require('node:path')

const BASE_INFO = { platform: 'devtools', SDKVersion: '3.8.0', windowWidth: 390, windowHeight: 844, pixelRatio: 3, language: 'zh_CN', host: {}, fontSizeSetting: 17 }

/** Faults found while loading `pages` of the package in `root` and starting the app. */
function loadUnderStub(root, pages, apiBase) {
  const faults = []
  const launched = []
  installGlobals(faults, launched, apiBase, namesUsed(root))
  // The folder above says "type": "module"; what WeChat runs is CommonJS.
  fs.writeFileSync(path.join(root, 'package.json'), '{"type":"commonjs"}')
  try {
    for (const page of withComponents(root, pages, faults)) load(root, page, faults)
    for (const app of launched) start(app, faults)
  } finally {
    fs.unlinkSync(path.join(root, 'package.json'))
  }
  return faults
}

function load(root, name, faults) {
  try {
    const file = require.resolve(path.join(root, `${name}.js`))
    delete Module._cache[file]
    require(file)
  } catch (reason) {
    faults.push(`${name}.js does not load: ${String(reason.message).split('\n')[0]}`)
  }
}

function start(app, faults) {
  try {
    app.onLaunch?.({ path: '', query: {}, scene: 1001 })
    app.onShow?.({ path: '', query: {}, scene: 1001 })
  } catch (reason) {
    faults.push(`the app does not start: ${reason.message}`)
  }
}

function withComponents(root, pages, faults) {
  const seen = new Set(['app'])
  const waiting = [...pages]
  while (waiting.length) {
    const name = waiting.pop()
    if (seen.has(name)) continue
    seen.add(name)
    const config = path.join(root, `${name}.json`)
    if (!fs.existsSync(config)) {
      faults.push(`missing ${name}.json`)
      continue
    }
    const used = Object.values(JSON.parse(fs.readFileSync(config, 'utf8')).usingComponents || {})
    waiting.push(...used.map((to) => (to.startsWith('/') ? to.slice(1) : path.posix.join(path.posix.dirname(name), to))))
  }
  return seen
}

/** Names of all platform functions the package mentions: uni copies the own keys of `wx`, so each must really be there. */
function namesUsed(root) {
  const files = fs.readdirSync(root, { recursive: true }).map(String).filter((name) => name.endsWith('.js'))
  const code = files.map((name) => fs.readFileSync(path.join(root, name), 'utf8')).join('\n')
  return [...code.matchAll(/\.([a-z]\w{2,40})\(/g)].map((match) => match[1])
}

function installGlobals(faults, launched, apiBase, names) {
  const called = (api) => (options = {}) => {
    const url = String(options.url)
    if (!url.startsWith(`${apiBase}/`)) faults.push(`${api} calls ${url}, which is not ${apiBase}`)
    options.fail?.({ errMsg: `${api}:fail` })
    return { abort() {} }
  }
  const known = {
    ...Object.fromEntries(names.map((name) => [name, () => undefined])),
    ...Object.fromEntries(['request', 'uploadFile', 'downloadFile', 'connectSocket'].map((api) => [api, called(api)])),
    getSystemInfoSync: () => BASE_INFO,
    getAppBaseInfo: () => BASE_INFO,
    getDeviceInfo: () => BASE_INFO,
    getWindowInfo: () => BASE_INFO,
    getSystemSetting: () => ({}),
    getAppAuthorizeSetting: () => ({}),
    getLaunchOptionsSync: () => ({ query: {} }),
    getEnterOptionsSync: () => ({ query: {} }),
    getStorageSync: () => '',
    canIUse: () => true,
    getAccountInfoSync: () => ({ miniProgram: { appId: 'stub' } }),
    env: { USER_DATA_PATH: 'wxfile://usr' },
  }
  const wx = new Proxy(known, {
    get: (target, name) => (name in target ? target[name] : typeof name === 'string' ? () => undefined : undefined),
    has: () => true,
  })
  Object.assign(global, {
    wx,
    App: (options) => launched.push(options),
    Page: () => undefined,
    Component: () => undefined,
    Behavior: (options) => options,
    getApp: () => ({ globalData: {}, $vm: null }),
    getCurrentPages: () => [],
    __wxConfig: {},
    requirePlugin: () => undefined,
  })
}

module.exports = { loadUnderStub }
