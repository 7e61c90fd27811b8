// Takes out of the built mini-program what uni writes for cases that do not occur here; every page and component carries it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Plugin } from 'vite'

/** What stands here for a style, hidden or id put on a component from outside: our components are only given classes. */
const UNUSED_ATTRIBUTES = / (?:style="\{\{virtualHostStyle\}\}"|hidden="\{\{virtualHostHidden \|\| false\}\}"|virtualHostStyle="\{\{virtualHostStyle\}\}"|virtualHostHidden="\{\{virtualHostHidden \|\| false\}\}")/g
const EMPTY_ID = /,?\b(\w+):\s*\w+\.gei\(\w+,\s*""\)/g

/**
 * Code of one file before it is made small, without `unref()` around what is imported (no module of ours exports a ref),
 * without a block that never runs (it named the components to the builder), without names for developers' tools and a
 * call that gives back what it is given.
 */
export function slimCode(code: string): string {
  return code
    .replace(/\bcommon_vendor\.unref\(((?!common_vendor\b)\w+\.\w+)\)/g, '$1')
    .replace(/^\s*__name: "\w+",$/gm, '')
    .replace(/\bcommon_vendor\.defineComponent\(\{/g, '({')
    .replace(/^if \(!Math\) \{[^{}]*\}$/gm, '')
}

/** A template and the script beside it, without the id, style and visibility nobody gives. */
export function slimPair(wxml: string, js: string): { wxml: string; js: string } {
  const keys = [...js.matchAll(EMPTY_ID)].map((match) => match[1])
  let slim = wxml.replace(UNUSED_ATTRIBUTES, '')
  for (const key of keys) slim = slim.replaceAll(` id="{{${key}}}"`, '').replaceAll(` virtualHostId="{{${key}}}"`, '')
  // A page has nothing around it that could give it a class.
  slim = slim.replace(' class="{{[virtualHostClass]}}" virtualHostClass="{{[virtualHostClass]}}"', '')
  const left = /virtualHost(?:Style|Hidden|Id)/.exec(slim)
  if (left) throw new Error(`a component is given more than a class, which this build takes out: …${slim.slice(Math.max(0, left.index - 80), left.index + 80)}…`)
  return { wxml: slim, js: js.replace(EMPTY_ID, '').replace(/\{,/g, '{') }
}

/** Both files with a short number for the eight digits by which uni tells the components of one template apart. */
export function shortIds(wxml: string, js: string, number: number): { wxml: string; js: string } {
  const id = /(?<=[",])[0-9a-f]{8}(?=-\d)/g
  return { wxml: wxml.replace(id, number.toString(36)), js: js.replace(id, number.toString(36)) }
}

/** Slims every file of the finished package; only for WeChat. */
export function slimMiniProgram(): Plugin {
  let folder = ''
  return {
    name: 'slim-mini-program',
    configResolved: (config) => void (folder = path.resolve(config.root, config.build.outDir)),
    renderChunk: (code) => ({ code: slimCode(code), map: null }),
    closeBundle() {
      let count = 0
      for (const name of readdirSync(folder, { recursive: true }).map(String).sort()) {
        const file = path.join(folder, name)
        if (name.endsWith('.json')) writeFileSync(file, JSON.stringify(JSON.parse(readFileSync(file, 'utf8'))))
        if (name.endsWith('.wxml')) slimFiles(file, file.replace(/wxml$/, 'js'), count++)
      }
    },
  }
}

function slimFiles(wxmlFile: string, jsFile: string, number: number): void {
  const pair = slimPair(readFileSync(wxmlFile, 'utf8'), readFileSync(jsFile, 'utf8'))
  const { wxml, js } = shortIds(pair.wxml, pair.js, number)
  writeFileSync(wxmlFile, wxml)
  writeFileSync(jsFile, js)
}
