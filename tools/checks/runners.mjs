import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { nodeModules } from '../setup/paths.mjs';
import { failuresOfPlaywright, failuresOfVitest, outsideTests } from './second-round.mjs';

export const programs = {
  vitest: path.join(nodeModules, 'vitest', 'vitest.mjs'),
  playwright: path.join('node_modules', '@playwright', 'test', 'cli.js'),
  oxlint: path.join(nodeModules, 'oxlint', 'bin', 'oxlint'),
  prettier: path.join(nodeModules, 'prettier', 'bin', 'prettier.cjs'),
  tsc: path.join(nodeModules, 'typescript', 'bin', 'tsc'),
};

/** One way to read and to write, so that what `fix` wrote is what `format` wants. */
export const prettierOptions = ['--cache', '--cache-strategy', 'content', '--log-level', 'warn', '.'];

/** Runs `work` with the path of a temporary report file. */
export async function withReportFile(work) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'outpost-report-'));
  try {
    return await work(path.join(folder, 'report.json'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Sums of a Vitest JSON report: a file that failed before its tests counts as one failure. */
export function sumVitest(file, code) {
  const report = readJson(file);
  if (!report) return verdict({ passed: 0, failed: 0, skipped: 0 }, code);
  const failures = failuresOfVitest(report);
  const broken = failures.filter(({ name }) => name === outsideTests).length;
  const skipped = report.numPendingTests + (report.numTodoTests ?? 0);
  return verdict(
    { passed: report.numPassedTests, failed: report.numFailedTests + broken, skipped, failures },
    code,
  );
}

/** Sums of a Playwright JSON report: what failed outside a test counts as a failure too. */
export function sumPlaywright(file, code) {
  const report = readJson(file);
  if (!report) return verdict({ passed: 0, failed: 0, skipped: 0 }, code);
  const { expected, unexpected, flaky, skipped } = report.stats;
  const failures = failuresOfPlaywright(report);
  return verdict(
    { passed: expected + flaky, failed: unexpected + report.errors.length, skipped, failures },
    code,
  );
}

/** A runner that ran nothing, or that says it failed where no test did, is a failure. */
function verdict(sums, code) {
  if (sums.failed === 0 && (code !== 0 || sums.passed === 0)) {
    const note = sums.passed === 0 ? 'no test was run' : `the runner ended with ${code}`;
    return { ...sums, failed: 1, note };
  }
  return sums;
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
