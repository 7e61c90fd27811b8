// Each check of the built package is proven on a tiny package broken on purpose.
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const require = createRequire(import.meta.url)
const { faultsOf } = require('../scripts/check-mp.cjs') as { faultsOf: (root: string, base: string) => string[] }
const h5 = require('../scripts/check-h5.cjs') as { faultsOf: (root: string) => string[] }
const BASE = 'https://api.example.invalid'
const globals = { window: globalThis.window, wx: Reflect.get(globalThis, 'wx') }
let root = ''

const write = (name: string, text: string | Buffer) => {
  fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
  fs.writeFileSync(path.join(root, name), text)
}
function page(name: string) {
  write(`${name}.js`, 'Page({})')
  write(`${name}.json`, '{}')
  write(`${name}.wxml`, '<view class="a">{{b}}</view>')
  write(`${name}.wxss`, '.a{color:red}')
}

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'mp-'))
  write('app.json', JSON.stringify({ pages: ['pages/home'], subPackages: [{ root: 'packages/case', pages: ['timeline'] }] }))
  write('app.js', `App({ onLaunch() { wx.request({ url: '${BASE}/api/v1/bureau' }) } })`)
  write('app.wxss', 'page{color:red}')
  page('pages/home')
  page('packages/case/timeline')
})
afterEach(() => {
  fs.rmSync(root, { recursive: true })
  Object.assign(globalThis, globals)
})

describe('the mini-program check', () => {
  it('passes a whole package', () => expect(faultsOf(root, BASE)).toEqual([]))
  it.each<[string, () => void, RegExp]>([
    ['a missing page of a sub-package', () => fs.unlinkSync(path.join(root, 'packages/case/timeline.wxml')), /missing packages\/case\/timeline\.wxml/],
    ['a template that does not compile', () => write('packages/case/timeline.wxml', '<view><text></view>'), /wcc/],
    ['a style that does not compile', () => write('packages/case/timeline.wxss', '.a{color'), /wcsc/],
    ['a script that throws', () => write('packages/case/timeline.js', 'throw new Error("broken")'), /timeline\.js does not load: broken/],
    ['a missing component', () => write('pages/home.json', '{"usingComponents":{"x":"/components/x"}}'), /missing components\/x\.json/],
    ['a request to somewhere else', () => write('app.js', 'App({ onLaunch() { wx.request({ url: "/api/v1/bureau" }) } })'), /request calls \/api/],
    ['an upload to somewhere else', () => write('app.js', 'App({ onLaunch() { wx.uploadFile({ url: "//elsewhere/x" }) } })'), /uploadFile calls \/\/elsewhere/],
    ['a start that throws', () => write('app.js', 'App({ onLaunch() { throw new Error("no") } })'), /does not start: no/],
    ['a remote host in a style', () => write('pages/home.wxss', '.a{background:url(https://cdn.invalid/a.png)}'), /remote host https:\/\/cdn\.invalid/],
    ['too large a main package', () => write('pages/big.bin', Buffer.alloc(410 * 1024)), /main package is \d+ bytes, more than 409600/],
    ['too large a sub-package', () => write('packages/case/big.bin', Buffer.alloc(2100 * 1024)), /packages\/case is \d+ bytes, more than 2097152/],
    ['a script of a sub-package taken by a page', () => write('pages/home.js', 'require("../packages/case/lib.js")'), /pages\/home\.js takes packages\/case\/lib\.js from another package/],
    ['a component of a sub-package taken by a page', () => write('pages/home.json', '{"usingComponents":{"x":"../packages/case/timeline"}}'), /takes packages\/case\/timeline from another package/],
  ])('finds %s', (_name, breakIt, fault) => {
    breakIt()
    expect(faultsOf(root, BASE).join('\n')).toMatch(fault)
  })
})

describe('the web check', () => {
  beforeEach(() => {
    write('index.html', '<script type="module" src="/assets/index-a.js"></script><link rel="stylesheet" href="/assets/a.css">')
    write('assets/index-a.js', 'export const a=1')
    write('assets/pages-home-index.b.js', 'import{a}from"./index-a.js"')
    write('assets/a.css', '.a{color:red}')
  })
  it('passes a small page', () => expect(h5.faultsOf(root)).toEqual([]))
  it('finds a script inside the page', () => {
    write('index.html', '<script>alert(1)</script>')
    expect(h5.faultsOf(root).join()).toMatch(/script inside/)
  })
  it('finds a remote picture', () => {
    write('assets/a.css', '.a{background:url(//cdn.invalid/a.png)}')
    expect(h5.faultsOf(root).join()).toMatch(/remote picture/)
  })
  it('finds too large a first load, chunks of the home page included', () => {
    const noise = Buffer.from(Array.from({ length: 200_000 }, () => Math.floor(Math.random() * 256)))
    write('assets/pages-home-index.b.js', noise.toString('base64'))
    expect(h5.faultsOf(root).join()).toMatch(/first load is/)
  })
})
