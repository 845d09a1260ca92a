import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sumPlaywright, sumVitest } from '../../tools/checks/runners.mjs';
import { newFolder } from '../temp/folder.ts';

const folder = newFolder('runners');
const file = path.join(folder, 'report.json');
const absent = path.join(folder, 'absent.json');

describe('sums of a Vitest report', () => {
  it('are those of the report', () => {
    vitestReport({ numPassedTests: 7, numFailedTests: 2, numPendingTests: 1 });
    expect(sumVitest(file, 1)).toMatchObject({ passed: 7, failed: 2, skipped: 1 });
  });

  it('count a file that broke before its tests as one failure', () => {
    vitestReport({
      numPassedTests: 7,
      testResults: [{ name: file, status: 'failed', assertionResults: [] }],
    });
    expect(sumVitest(file, 1)).toMatchObject({ passed: 7, failed: 1 });
  });

  it('fail when no test was run', () => {
    vitestReport({});
    expect(sumVitest(file, 0)).toMatchObject({ passed: 0, failed: 1, note: 'no test was run' });
    expect(sumVitest(absent, 0)).toMatchObject({ passed: 0, failed: 1 });
  });

  it('fail when the runner says so though every test passed', () => {
    vitestReport({ numPassedTests: 3 });
    expect(sumVitest(file, 1)).toMatchObject({ passed: 3, failed: 1, note: 'the runner ended with 1' });
  });
});

describe('sums of a Playwright report', () => {
  it('count flaky tests as passed and errors outside tests as failures', () => {
    write({ stats: { expected: 4, flaky: 1, unexpected: 2, skipped: 3 }, errors: [{}] });
    expect(sumPlaywright(file, 1)).toMatchObject({ passed: 5, failed: 3, skipped: 3 });
  });

  it('fail when no test was run', () => {
    write({ stats: { expected: 0, flaky: 0, unexpected: 0, skipped: 3 }, errors: [] });
    expect(sumPlaywright(file, 0)).toMatchObject({ passed: 0, failed: 1 });
  });
});

function vitestReport(fields: Readonly<Record<string, unknown>>): void {
  write({ numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, testResults: [], ...fields });
}

function write(report: unknown): void {
  writeFileSync(file, JSON.stringify(report));
}
