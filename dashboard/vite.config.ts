import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** The collector of `npm run dev`; a tool may point the dev server at another one. */
const collector = process.env['ORCHESCOPE_URL'] ?? 'http://127.0.0.1:4318';

// The server forbids inline scripts and styles, so nothing may be inlined into HTML or turned into a data: URL.
export default defineConfig({
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
  base: '/',
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': collector, '/v1': collector } },
});
