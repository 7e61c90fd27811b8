// What the build takes out of the mini-program, on small pieces of what uni writes.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { shareIcons } from '../scripts/slim-icons'
import { shortIds, slimCode, slimPair } from '../scripts/slim-mp'

const icon = (name: string, width: string, body: string) =>
  `.i-${name}{--i: url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='%23000' stroke-width='${width}' stroke-linecap='round' stroke-linejoin='round'%3E${body}%3C/svg%3E")}`
const RULE = '.i{width:1em;-webkit-mask:var(--i) center / 100% 100% no-repeat;mask:var(--i) center / 100% 100% no-repeat}'

describe('code', () => {
  it('is left without unref around imports, but with it around refs and Vue\'s own', () => {
    expect(slimCode('common_vendor.unref(texts_home.home).title + common_vendor.unref(draft) + common_vendor.unref(common_vendor.x)'))
      .toBe('texts_home.home.title + common_vendor.unref(draft) + common_vendor.unref(common_vendor.x)')
  })
  it('is left without the block that never runs', () => {
    expect(slimCode('const A = () => "./A.js";\nif (!Math) {\n  (A + B)();\n}\nif (!Math) {\n  A();\n}\ngo();')).toBe('const A = () => "./A.js";\n\n\ngo();')
  })
  it('keeps every other condition', () => expect(slimCode('if (!Mathe) {\n  a();\n}')).toBe('if (!Mathe) {\n  a();\n}'))
})

it('no module of ours exports a ref, which a template would then have to unwrap', () => {
  const files = readdirSync('src', { recursive: true }).map(String).filter((name) => name.endsWith('.ts'))
  const exporting = files.filter((name) => /^export (const|let) \w+ = (ref|shallowRef|computed|toRef|customRef)\b/m.test(readFileSync(`src/${name}`, 'utf8')))
  expect([files.length > 40, exporting]).toEqual([true, []])
})

describe('a template', () => {
  const root = (rest: string) => `<view class="{{['a', virtualHostClass]}}" style="{{virtualHostStyle}}" hidden="{{virtualHostHidden || false}}" id="{{d}}">${rest}</view>`
  it('loses the id, style and visibility nobody gives, in both files', () => {
    expect(slimPair(root('<text id="{{c}}">{{a}}</text>'), 'x({a:1,c:2,d:e.gei(o,"")})')).toEqual({ wxml: `<view class="{{['a', virtualHostClass]}}"><text id="{{c}}">{{a}}</text></view>`, js: 'x({a:1,c:2})' })
  })
  it('keeps an id that the component itself has', () => {
    expect(slimPair('<view id="{{d}}"/>', 'x({d:e.gei(o,"faults")})')).toEqual({ wxml: '<view id="{{d}}"/>', js: 'x({d:e.gei(o,"faults")})' })
  })
  it('leaves an object whole when the id stood first', () => expect(slimPair('<view id="{{a}}"/>', 'x({a:e.gei(o,""),b:1},{a:e.gei(o,"")})').js).toBe('x({b:1},{})'))
  it('stops the build when a component is given an id', () => {
    expect(() => slimPair('<tap id="x" virtualHostId="x" class="b"/>', '')).toThrow('more than a class')
  })
  it('gets short names for its components, the same in both files', () => {
    expect(shortIds('<a u-i="635ec268-0"/><b u-i="635ec268-1,635ec268-0"/>', '"635ec268-2-"+i+",635ec268-1-"+i', 40)).toEqual({ wxml: '<a u-i="14-0"/><b u-i="14-1,14-0"/>', js: '"14-2-"+i+",14-1-"+i' })
  })
})

describe('icons', () => {
  it('share one picture, each at its place and with its own strength', () => {
    const css = shareIcons(RULE + icon('a', '1.7', 'A') + icon('b', '2.6', 'B') + icon('c', '1.7', 'C'))
    expect(css).toContain('.i-a{--n:0}.i-b{--n:1}.i-c{--n:2}')
    expect(css).toContain("viewBox='0 0 72 24'")
    expect(css).toContain("%3Cg transform='translate(24)' stroke-width='2.6'%3EB%3C/g%3E")
    expect(css).toContain('mask:var(--i) calc(var(--n)*100%/2) 0/300% 100% no-repeat')
    expect(css.match(/data:image/g)).toHaveLength(1)
  })
  it('leave a sheet without icons alone', () => expect(shareIcons('.a{color:red}')).toBe('.a{color:red}'))
  it('stop the build when the rule that draws them has changed', () => expect(() => shareIcons(icon('a', '1.7', 'A') + icon('b', '1.7', 'B'))).toThrow('belong together'))
})
