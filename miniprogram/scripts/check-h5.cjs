// Checks the built web page: the first load stays small, nothing names a remote host, no script stands inside the page.
// Usage: node scripts/check-h5.cjs DIST; exit 1 with one line for each fault.
const fs = require('node:fs')
const path = require('node:path')
const zlib = require('node:zlib')

const MOST_FIRST_LOAD_BYTES = 120 * 1024
/** Names of a namespace and of a page in Vue's error messages: text only, forbidden to fetch by the page's own policy. */
const HARMLESS = /^https?:\/\/(www\.w3\.org|vuejs\.org|localhost|127\.0\.0\.1)$/

/** Bytes on the wire (brotli) of the page, what it links to, and the home page's own chunks. */
function firstLoadBytes(root) {
  const html = fs.readFileSync(path.join(root, 'index.html'), 'utf8')
  const linked = [...html.matchAll(/(?:src|href)="\/?(assets\/[^"]+)"/g)].map((match) => match[1])
  const home = fs.readdirSync(path.join(root, 'assets')).filter((name) => /^pages-home-index\..*js$/.test(name)).map((name) => `assets/${name}`)
  const all = new Set(['index.html', ...linked])
  for (const name of home) addWithImports(root, name, all)
  return [...all].reduce((sum, name) => sum + zlib.brotliCompressSync(fs.readFileSync(path.join(root, name))).length, 0)
}

function addWithImports(root, name, all) {
  if (all.has(name)) return
  all.add(name)
  const code = fs.readFileSync(path.join(root, name), 'utf8')
  for (const [, file] of code.matchAll(/from\s*"\.\/([^"]+)"/g)) addWithImports(root, `assets/${file}`, all)
}

/** All faults of the web build in `root`, as sentences. */
function faultsOf(root) {
  const faults = []
  const bytes = firstLoadBytes(root)
  if (bytes > MOST_FIRST_LOAD_BYTES) faults.push(`first load is ${bytes} bytes, more than ${MOST_FIRST_LOAD_BYTES}`)
  const html = fs.readFileSync(path.join(root, 'index.html'), 'utf8')
  if (/<script(?![^>]*\bsrc=)[^>]*>/.test(html)) faults.push('index.html has a script inside it')
  for (const name of fs.readdirSync(path.join(root, 'assets'))) {
    const text = fs.readFileSync(path.join(root, 'assets', name), 'utf8')
    if (name.endsWith('.css') && /url\(\s*["']?(https?:)?\/\//.test(text)) faults.push(`${name} fetches a remote picture`)
    for (const [url] of text.matchAll(/https?:\/\/[\w.-]+/g)) {
      if (!HARMLESS.test(url)) faults.push(`${name} names the remote host ${url}`)
    }
  }
  return faults
}

if (require.main === module) {
  const root = path.resolve(process.argv[2])
  const found = faultsOf(root)
  for (const fault of found) console.error(fault)
  console.log(found.length ? `${found.length} faults` : `ok, first load ${firstLoadBytes(root)} bytes`)
  process.exitCode = found.length ? 1 : 0
}

module.exports = { faultsOf, firstLoadBytes }
