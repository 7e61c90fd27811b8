// One picture with all icons instead of one each: the same frame around every icon would be written as often as there are icons.
import type { Plugin } from 'vite'

const FRAME = /\.i-([a-z]+)\{--i: ?url\("data:image\/svg\+xml,%3Csvg xmlns='http:\/\/www\.w3\.org\/2000\/svg' viewBox='0 0 24 24' fill='none' stroke='%23000' stroke-width='([\d.]+)' stroke-linecap='round' stroke-linejoin='round'%3E(.*?)%3C\/svg%3E"\)\}/g
const SIDE = 24
const USUAL_WIDTH = '1.7'

/** A style sheet whose icons share one picture; each is told by its place in it. */
export function shareIcons(css: string): string {
  const drawn: string[] = []
  const placed = css.replace(FRAME, (_rule, name: string, width: string, body: string) => {
    const thick = width === USUAL_WIDTH ? '' : ` stroke-width='${width}'`
    drawn.push(`%3Cg transform='translate(${drawn.length * SIDE})'${thick}%3E${body}%3C/g%3E`)
    return `.i-${name}{--n:${drawn.length - 1}}`
  })
  if (drawn.length < 2) return css
  const picture = `url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 ${drawn.length * SIDE} ${SIDE}' fill='none' stroke='%23000' stroke-width='${USUAL_WIDTH}' stroke-linecap='round' stroke-linejoin='round'%3E${drawn.join('')}%3C/svg%3E")`
  const place = `calc(var(--n)*100%/${drawn.length - 1}) 0/${drawn.length * 100}% 100% no-repeat`
  const shared = placed.replace(/-webkit-mask:var\(--i\)[^;}]*;mask:var\(--i\)[^;}]*/, `-webkit-mask:var(--i) ${place};mask:var(--i) ${place};--i:${picture}`)
  if (shared === placed) throw new Error('the rule that draws icons has changed: icons.css and slim-icons.ts belong together')
  return shared
}

/** Shares the icons of every style sheet, in both builds: what the browser tests show is what WeChat gets. */
export function slimIcons(): Plugin {
  return {
    name: 'slim-icons',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'asset' && /\.(css|wxss)$/.test(file.fileName)) file.source = shareIcons(String(file.source))
      }
    },
  }
}
