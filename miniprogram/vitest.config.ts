// Unit tests cover plain TypeScript and do not go through the uni plugin.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  test: { environment: 'happy-dom', include: ['test/**/*.spec.ts'], setupFiles: ['test/setup.ts'] },
})
