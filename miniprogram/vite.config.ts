// Builds one source into the WeChat mini-program and the web page; nothing built may reach a third party.
import { defineConfig, type Plugin } from 'vite'
import uniPlugin from '@dcloudio/vite-plugin-uni'
import { slimIcons } from './scripts/slim-icons'
import { slimMiniProgram } from './scripts/slim-mp'

// The plugin is CommonJS: under "type": "module" its default export is nested.
const uni = ((uniPlugin as unknown as { default?: typeof uniPlugin }).default ?? uniPlugin)

/** Where the mini-program sends its calls; the web page always calls its own origin. */
const API_BASE_FOR_CHECKS = 'https://xinhu.example.invalid'

/** uni-h5 styles a toast's shadow with pictures from its maker's CDN: take every remote url() out. */
function stripRemoteImages(): Plugin {
  const remoteUrl = /url\(\s*(["']?)(?:https?:)?\/\/[^)"']+\1\s*\)/g
  return {
    name: 'strip-remote-images',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset' || !file.fileName.endsWith('.css')) continue
        file.source = String(file.source).replace(remoteUrl, 'none')
      }
    },
  }
}

/** WeChat's screen reader knows aria-role, the web knows role: the sources say role, and this says it to WeChat. */
function sayRolesToWechat(): Plugin {
  return {
    name: 'say-roles-to-wechat',
    enforce: 'pre',
    transform(code, id) {
      if (process.env.UNI_PLATFORM !== 'mp-weixin' || !/\.vue$/.test(id)) return null
      return { code: code.replace(/(\s:?)role="/g, '$1aria-role="'), map: null }
    },
  }
}

/** uni-h5 gives every visitor a lasting id in local storage; nobody here may be marked, a tip-off least of all. */
function dropVisitorId(): Plugin {
  return {
    name: 'drop-visitor-id',
    enforce: 'pre',
    transform(code, id) {
      if (!/uni-h5\.es\.js/.test(id)) return null
      if (!code.includes('storage[UUID_KEY] = deviceId')) throw new Error('uni-h5 has changed: look where it keeps its visitor id')
      return { code: code.replace('storage[UUID_KEY] = deviceId', 'void storage').replace('deviceId || storage[UUID_KEY]', 'deviceId'), map: null }
    },
  }
}

export default defineConfig(({ command }) => ({
  plugins: [sayRolesToWechat(), uni(), dropVisitorId(), stripRemoteImages(), slimIcons(), ...(process.env.UNI_PLATFORM === 'mp-weixin' ? [slimMiniProgram()] : [])],
  define: {
    'import.meta.env.VITE_API_BASE': JSON.stringify(process.env.VITE_API_BASE ?? API_BASE_FOR_CHECKS),
  },
  build: { target: 'es2018', cssTarget: 'chrome73', sourcemap: false, reportCompressedSize: command !== 'build' },
  server: { port: 5173, proxy: { '/api': 'http://127.0.0.1:8000' } },
}))
