// What failed while other tests ran beside it is run once more, alone: a machine that is busy with our own tests is no
// fault of the program, and a fault of the program fails alone too. Nothing is hushed up: such tests are named.
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from '../setup/paths.mjs';

/** Where more files than this failed, something is broken, and a second round would only make everybody wait. */
const mostFiles = 12;

/**
 * The sums of a kind, `{ passed, failed, failures, … }`, after a second round: `again(files)` runs those files alone
 * and answers sums of the same form. A test that passed there counts as passed and is in `alone` by name.
 */
export async function withSecondRound(first, again) {
  const failures = first.failures ?? [];
  const files = [...new Set(failures.map(({ file }) => file))];
  if (files.length === 0 || files.length > mostFiles || failures.length !== first.failed) return first;
  const second = await again(files);
  if (second.failed > 0 && second.failures.length !== second.failed) return first;
  const failed = new Set(second.failures.map(keyOf));
  const alone = failures.filter((failure) => !failed.has(keyOf(failure)));
  return {
    ...first,
    passed: first.passed + alone.length,
    failed: second.failed,
    failures: second.failures,
    alone,
    output: second.failed > 0 ? `${first.output}\nOnce more, alone:\n${second.output}` : '',
  };
}

const keyOf = ({ file, name }) => `${file} ${name}`;

/** The name of what a file failed with beside its tests: what it could not load, or what it left behind. */
export const outsideTests = 'outside its tests';

/** The tests of a Vitest report that failed: `[{ file, name, message }]`; a file that broke outside its tests is one. */
export function failuresOfVitest(report) {
  return report.testResults.flatMap((suite) => {
    const file = path.relative(root, suite.name).split(path.sep).join('/');
    const tests = suite.assertionResults.filter((test) => test.status === 'failed');
    if (tests.length === 0 && suite.status === 'failed')
      return [{ file, name: outsideTests, message: firstLine(suite.message) }];
    return tests.map((test) => ({
      file,
      name: test.fullName,
      message: firstLine(test.failureMessages?.[0]),
    }));
  });
}

/** The tests of a Playwright report that failed, in the same form. */
export function failuresOfPlaywright(report) {
  const of = (suite) => [
    ...(suite.specs ?? []).filter((spec) => !spec.ok).map(failureOfSpec),
    ...(suite.suites ?? []).flatMap(of),
  ];
  return (report.suites ?? []).flatMap(of);
}

function failureOfSpec(spec) {
  const error = spec.tests.flatMap((test) => test.results.flatMap((result) => result.errors ?? []))[0];
  return { file: `test/window/${spec.file}`, name: spec.title, message: firstLine(error?.message) };
}

function firstLine(text = '') {
  return stripVTControlCharacters(text).split('\n')[0];
}

/** What is said last, where even a report that was cut shows it: each test that failed, and each that passed only alone. */
export function listFailures(sums) {
  const lines = [];
  const failed = sums.flatMap((each) => each.failures ?? []);
  const alone = sums.flatMap((each) => each.alone ?? []);
  if (failed.length > 0) lines.push('', 'Failed:', ...failed.map(line));
  if (alone.length > 0) lines.push('', 'Passed only when run alone:', ...alone.map(line));
  return lines.join('\n');
}

const line = ({ file, name, message }) => `  ${file} › ${name}${message ? `: ${message}` : ''}`;
