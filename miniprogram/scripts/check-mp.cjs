// Checks a built mini-program without WeChat DevTools: every page compiles, loads, stays small and calls only its own server.
// Usage: node scripts/check-mp.cjs DIST [API_BASE]; exit 1 with one line for each fault.
const fs = require('node:fs')
const path = require('node:path')
const { loadUnderStub } = require('./load-mp.cjs')

const MOST_BYTES = 400 * 1024
/** Pages named in error messages of Vue and uni; text only, no request can go there (the loader watches requests). */
const TEXT_ONLY = ['http://www.w3.org', 'https://vuejs.org', 'https://uniapp.dcloud.net.cn']
const DEFAULT_BASE = 'https://xinhu.example.invalid'

/** All faults of the package in `root`, as sentences; an empty list means it opens. */
function faultsOf(root, apiBase) {
  const app = JSON.parse(fs.readFileSync(path.join(root, 'app.json'), 'utf8'))
  const pages = pagesOf(app)
  const missing = pages.flatMap((page) => missingFiles(root, page))
  if (missing.length) return missing
  return [
    ...compileFaults(root, pages),
    ...sizeFaults(root),
    ...remoteFaults(root, apiBase),
    ...loadUnderStub(root, pages, apiBase),
  ]
}

function pagesOf(app) {
  const subs = app.subPackages || app.subpackages || []
  return [...app.pages, ...subs.flatMap((sub) => sub.pages.map((page) => `${sub.root.replace(/\/$/, '')}/${page}`))]
}

function missingFiles(root, page) {
  return ['js', 'json', 'wxml'].filter((ext) => !fs.existsSync(path.join(root, `${page}.${ext}`))).map((ext) => `missing ${page}.${ext}`)
}

function compileFaults(root, pages) {
  const { wxmlToJs, wxssToJs } = require('miniprogram-compiler')
  const faults = []
  // The generated code expects these on the global object of a web view.
  Object.assign(global, { window: {}, __webview_engine_version__: 0.02, __wxAppCode__: {} })
  try {
    const render = new Function('global', wxmlToJs(root))({})
    for (const page of pages) {
      const draw = render(`${page}.wxml`)
      if (!draw) faults.push(`wcc made nothing of ${page}.wxml`)
      else draw({})
    }
  } catch (reason) {
    faults.push(`wcc: ${String(reason.message || reason).split('\n')[0]}`)
  }
  try {
    wxssToJs(root)
  } catch (reason) {
    faults.push(`wcsc: ${String(reason.message || reason).split('\n')[0]}`)
  }
  return faults
}

function sizeFaults(root) {
  const size = filesOf(root).reduce((sum, file) => sum + fs.statSync(file).size, 0)
  return size > MOST_BYTES ? [`package is ${size} bytes, more than ${MOST_BYTES}`] : []
}

function remoteFaults(root, apiBase) {
  const faults = []
  for (const file of filesOf(root).filter((name) => /\.(js|wxss|wxml|json|wxs)$/.test(name))) {
    for (const [url] of fs.readFileSync(file, 'utf8').matchAll(/(?:https?|wss?):\/\/[\w.-]+/g)) {
      if (!apiBase.startsWith(url) && !TEXT_ONLY.includes(url)) faults.push(`${path.relative(root, file)} names the remote host ${url}`)
    }
  }
  return faults
}

function filesOf(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name)
    return entry.isDirectory() ? filesOf(name) : [name]
  })
}

if (require.main === module) {
  const root = path.resolve(process.argv[2])
  const found = faultsOf(root, process.argv[3] || process.env.VITE_API_BASE || DEFAULT_BASE)
  const size = filesOf(root).reduce((sum, file) => sum + fs.statSync(file).size, 0)
  for (const fault of found) console.error(fault)
  console.log(found.length ? `${found.length} faults` : `ok, ${size} bytes`)
  process.exit(found.length ? 1 : 0) // the loaded app leaves timers running
}

module.exports = { faultsOf }
