import { defineConfig } from 'vite';

// `npm run dev` serves the page with hot reload beside a running `npm start` on port 3000.
export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions: ['@seatwire/source', 'module', 'browser', 'development|production'] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { outDir: 'dist/app', emptyOutDir: true, target: 'es2022', sourcemap: true },
  server: {
    proxy: {
      '/api': 'http://127.0.0.1:3000',
      '/ws': { target: 'ws://127.0.0.1:3000', ws: true },
    },
  },
});
