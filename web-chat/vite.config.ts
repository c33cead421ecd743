import { fileURLToPath, URL } from 'node:url'

import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const server = 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { '@': here('./src'), '@words': here('../agent/words') } },
  server: {
    host: '127.0.0.1',
    fs: { allow: [here('.'), here('../agent/words')] },
    proxy: { '/api': server, '/health': server },
  },
  build: {
    target: 'es2023',
    rolldownOptions: {
      output: {
        // Libraries change less often than the product: each group stays in the browser's cache.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
            {
              name: 'data',
              test: /node_modules\/(@tanstack|i18next|react-i18next|openapi-fetch)\//,
            },
            { name: 'ui', test: /node_modules\/(radix-ui|@radix-ui|@floating-ui|cmdk|sonner)\// },
          ],
        },
      },
    },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['./src/testing/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    css: false,
  },
})
