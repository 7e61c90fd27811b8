// Unit tests cover plain TypeScript and do not go through the uni plugin; they see the web's branches only.
import { defineConfig, type Plugin } from 'vitest/config'

/** Takes WeChat's branches out, line for line, as the build for the web does. */
function webBranches(): Plugin {
  const branch = /^[ \t]*\/\/ #ifdef MP-WEIXIN$[\s\S]*?^[ \t]*\/\/ #endif$/gm
  return {
    name: 'web-branches',
    enforce: 'pre',
    transform: (code) => ({ code: code.replace(branch, (text) => text.replace(/[^\n]+/g, '')), map: null }),
  }
}

export default defineConfig({
  plugins: [webBranches()],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  test: { environment: 'happy-dom', include: ['test/**/*.spec.ts'], setupFiles: ['test/setup.ts'] },
})
