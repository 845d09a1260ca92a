import { cpSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const root = path.dirname(fileURLToPath(import.meta.url));
const at = (...parts: string[]): string => path.join(root, ...parts);

// Targets are set by hand: the oldest runtime this must start in is the fallback of tools/runtime (Node 20.18,
// Chromium 130), and electron-vite would read them from the newer Electron package.
export default defineConfig({
  main: {
    plugins: [
      {
        name: 'outpost:locale',
        // Read by the C library, so it stays files.
        closeBundle: () =>
          cpSync(at('main/worker/locale/en_US.utf8'), at('out/main/locale/en_US.utf8'), { recursive: true }),
      },
    ],
    build: {
      outDir: at('out/main'),
      emptyOutDir: true,
      target: 'node20.18',
      minify: false,
      sourcemap: true,
      // One file instead of a hundred small ones is read, resolved and compiled in less time at each start.
      externalizeDeps: {
        exclude: [
          '@opentelemetry/api',
          'commander',
          'exif-reader',
          'fastify',
          'prom-client',
          'yauzl',
          'yazl',
          'zod',
        ],
      },
      rolldownOptions: {
        input: {
          index: at('main/index.ts'),
          cli: at('main/cli/index.ts'),
          worker: at('main/worker/process.ts'),
          store: at('main/store/thread/entry.ts'),
          json: at('main/http/text-thread-entry.ts'),
          'http-worker': at('main/prefork/worker/process.ts'),
          watchdog: at('main/prefork/worker/watchdog-thread.ts'),
        },
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
        },
      },
    },
  },
  preload: {
    build: {
      outDir: at('out/preload'),
      emptyOutDir: true,
      target: 'node20.18',
      minify: false,
      sourcemap: false,
      // A sandboxed preload is one CommonJS file with everything in it.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: at('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [react()],
    build: {
      outDir: at('out/renderer'),
      emptyOutDir: true,
      target: 'chrome130',
      minify: true,
      cssMinify: true,
      sourcemap: false,
      rolldownOptions: { input: { index: at('renderer/index.html') } },
    },
  },
});
