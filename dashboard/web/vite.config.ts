import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { workerPlugin } from './offline/build-worker.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [react(), workerPlugin(here('offline/worker.ts'), here('../../dist/web'))],
  build: {
    outDir: here('../../dist/web'),
    emptyOutDir: true,
    // The content security policy allows no data: scripts, and a font or picture as a file is cached better.
    assetsInlineLimit: 0,
    target: 'es2022',
    // What a person waits for is the size on the wire; a browser test holds that to its budget.
    chunkSizeWarningLimit: 1000,
  },
});
