import { defineConfig } from '@playwright/test';

const jsonFile = process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'];

export default defineConfig({
  testDir: 'test/window',
  testMatch: '**/*.test.ts',
  outputDir: process.env['OUTPOST_TEST_RESULTS'] ?? 'test-results',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: jsonFile ? [['json', { outputFile: jsonFile }], ['line']] : [['list']],
});
