// Checks a built mini-program without WeChat DevTools: every page compiles, loads, stays small, calls only its own server,
// and no sub-package takes anything from another (WeChat loads each by itself).
// Usage: node scripts/check-mp.cjs DIST [API_BASE]; exit 1 with one line for each fault.
const fs = require('node:fs')
const path = require('node:path')
const { loadUnderStub } = require('./load-mp.cjs')

/** What a phone downloads before the first screen (docs/decisions/0018), and WeChat's own limit for each package. */
const MOST_BYTES = 400 * 1024
const MOST_SUB_BYTES = 2 * 1024 * 1024
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
    ...sizeFaults(root, rootsOf(app)),
    ...crossFaults(root, rootsOf(app)),
    ...remoteFaults(root, apiBase),
    ...loadUnderStub(root, pages, apiBase),
  ]
}

function pagesOf(app) {
  return [...app.pages, ...subsOf(app).flatMap((sub) => sub.pages.map((page) => `${sub.root.replace(/\/$/, '')}/${page}`))]
}

const subsOf = (app) => app.subPackages || app.subpackages || []
const rootsOf = (app) => subsOf(app).map((sub) => sub.root.replace(/\/$/, ''))

/** Which sub-package a file (relative to the build) belongs to; an empty string for the main package. */
function packageOf(name, roots) {
  const plain = name.split(path.sep).join('/')
  return roots.find((sub) => plain.startsWith(`${sub}/`)) ?? ''
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

function sizeFaults(root, roots) {
  const sizes = sizesOf(root, roots)
  return [...sizes].flatMap(([name, size]) => {
    const most = name ? MOST_SUB_BYTES : MOST_BYTES
    return size > most ? [`${name || 'the main package'} is ${size} bytes, more than ${most}`] : []
  })
}

/** Bytes of the main package (under an empty name) and of every sub-package. */
function sizesOf(root, roots) {
  const sizes = new Map()
  for (const file of filesOf(root)) {
    const name = packageOf(path.relative(root, file), roots)
    sizes.set(name, (sizes.get(name) ?? 0) + fs.statSync(file).size)
  }
  return sizes
}

/** What is taken from a sub-package by anything outside it: it is not there until somebody opens it. */
function crossFaults(root, roots) {
  return filesOf(root).filter((file) => /\.(js|json)$/.test(file)).flatMap((file) => {
    const name = path.relative(root, file)
    const own = packageOf(name, roots)
    const wanted = takenBy(file).map((to) => (to.startsWith('/') ? to.slice(1) : path.join(path.dirname(name), to)))
    return wanted.filter((to) => ![own, ''].includes(packageOf(to, roots))).map((to) => `${name} takes ${to} from another package`)
  })
}

function takenBy(file) {
  const text = fs.readFileSync(file, 'utf8')
  if (file.endsWith('.json')) return Object.values(JSON.parse(text).usingComponents ?? {})
  return [...text.matchAll(/\brequire\("(\.[^"]+)"\)/g)].map((match) => match[1])
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
  const sizes = sizesOf(root, rootsOf(JSON.parse(fs.readFileSync(path.join(root, 'app.json'), 'utf8'))))
  const whole = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  for (const fault of found) console.error(fault)
  console.log(found.length ? `${found.length} faults` : `ok, ${sizes.get('')} bytes before the first screen, ${whole} with every sub-package`)
  process.exit(found.length ? 1 : 0) // the loaded app leaves timers running
}

module.exports = { faultsOf }
