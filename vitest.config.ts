import { defineConfig } from 'vitest/config';

const shared = { environment: 'node', pool: 'forks', testTimeout: 30_000, hookTimeout: 60_000 } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
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
          name: 'flow',
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
          include: ['test/package/deb.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 420_000,
        },
      },
    ],
  },
});
