import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { SlowFirst } from './tools/checks/slow-first.mjs';

const shared = {
  environment: 'node',
  pool: 'forks',
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // What is waited for comes in milliseconds; on a busy machine it may take seconds.
  expect: { poll: { timeout: 10_000 } },
  setupFiles: ['test/temp/each-file.ts'],
};
// A file waits a third of its time for workers to start, for back-offs and for what is to take long.
const filesAtOnce = Math.min(8, Math.ceil(availableParallelism() * 1.5));
// The reader of configuration files that electron-builder and Vite bring along keeps what it made of them.
const env = { JITI_FS_CACHE: 'false' };
// Files share their processes, so that a module is loaded once for all of them; but these, each in one of its own, look at
// what their process has loaded, or at milliseconds.
const apart = [
  'test/http/trace/trace.test.ts',
  'test/store/{run-size,size,similar}.test.ts',
  'test/engine/prediction/tensor-cache.test.ts',
];
const unit = {
  ...shared,
  maxWorkers: filesAtOnce,
  // Some tests load ONNX Runtime themselves, which reports to its maker unless it is told not to. Programs that are
  // started whole, in the flows, are to tell it so by themselves.
  env: { ...env, ORT_DISABLE_TELEMETRY: '1' },
};
// Flows that measure how long something takes, or need all cores for what they show: they run one after the other.
const alone = [
  'test/flow/{loop-held,loadtest,serve}.test.ts',
  'test/flow/serve-{crashes,drill,held-up,in-process,slow-clients,sums}.test.ts',
  'test/deploy/nginx{,-workers}.test.ts',
];
const flow = {
  ...shared,
  env: { ...env, OUTPOST_TEST_KILLS: '1' },
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

export default defineConfig({
  test: {
    sequence: { sequencer: SlowFirst },
    projects: [
      {
        test: {
          ...unit,
          name: 'unit-together',
          isolate: false,
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [
            ...apart,
            'test/flow/**',
            'test/window/**',
            'test/fixtures/**',
            'test/deploy/**',
            'test/package/deb.test.ts',
            '**/node_modules/**',
          ],
        },
      },
      { test: { ...unit, name: 'unit-apart', include: apart } },
      {
        test: {
          ...unit,
          name: 'in-process',
          isolate: false,
          // The very tests of the protocols, with the models in the process that speaks HTTP (test/fakes/engine.ts).
          env: { ...unit.env, OUTPOST_TEST_INFERENCE: 'in-process' },
          include: [
            'test/http/{oip,oip-grpc,predict,tfserving,metrics}/**/*.test.ts',
            'test/serving/**/*.test.ts',
          ],
        },
      },
      {
        test: {
          ...flow,
          name: 'flow',
          include: ['test/{flow,deploy}/**/*.test.ts'],
          exclude: alone,
          // A file waits half of its time for processes to start and to end.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...flow,
          name: 'flow-alone',
          include: alone,
          fileParallelism: false,
          // When all files of `flow` are over.
          sequence: { groupOrder: 1 },
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
