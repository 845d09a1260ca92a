import { defineConfig } from 'vitest/config';

const shared = {
  environment: 'node',
  pool: 'forks',
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // What is waited for comes in milliseconds; on a busy machine it may take seconds.
  expect: { poll: { timeout: 10_000 } },
  setupFiles: ['test/temp/each-file.ts'],
};
// The reader of configuration files that electron-builder and Vite bring along keeps what it made of them.
const env = { JITI_FS_CACHE: 'false' };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          // Vitest leaves one core to itself, which is half of a small machine.
          maxWorkers: '100%',
          // Some tests load ONNX Runtime themselves, which reports to its maker unless it is told not to. Programs that
          // are started whole, in the flows, are to tell it so by themselves.
          env: { ...env, ORT_DISABLE_TELEMETRY: '1' },
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [
            'test/flow/**',
            'test/window/**',
            'test/fixtures/**',
            'test/deploy/**',
            'test/package/deb.test.ts',
            '**/node_modules/**',
          ],
        },
      },
      {
        test: {
          ...shared,
          name: 'in-process',
          maxWorkers: '100%',
          // The very tests of the protocols, with the models in the process that speaks HTTP (test/fakes/engine.ts).
          env: { ...env, ORT_DISABLE_TELEMETRY: '1', OUTPOST_TEST_INFERENCE: 'in-process' },
          include: [
            'test/http/{oip,oip-grpc,predict,tfserving,metrics}/**/*.test.ts',
            'test/serving/**/*.test.ts',
          ],
        },
      },
      {
        test: {
          ...shared,
          name: 'flow',
          env: { ...env, OUTPOST_TEST_KILLS: '1' },
          include: ['test/flow/**/*.test.ts', 'test/deploy/**/*.test.ts'],
          // Flows start worker processes that use every core: one file at a time.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'package',
          env,
          include: ['test/package/deb.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 420_000,
        },
      },
    ],
  },
});
