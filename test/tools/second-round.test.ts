import { describe, expect, it } from 'vitest';
import {
  failuresOfPlaywright,
  failuresOfVitest,
  listFailures,
  withSecondRound,
} from '../../tools/checks/second-round.mjs';

type Failure = { readonly file: string; readonly name: string; readonly message?: string };

const slow = { file: 'test/a.test.ts', name: 'is soon there', message: 'took too long' };
const wrong = { file: 'test/b.test.ts', name: 'is right', message: 'expected 1, got 2' };

describe('what failed beside others is run once more, alone', () => {
  it('and counts as passed, by name, where it passes', async () => {
    const asked: string[][] = [];
    const sums = await withSecondRound(round(8, [slow, wrong]), (files: string[]) => {
      asked.push(files);
      return Promise.resolve(round(3, [wrong]));
    });
    expect(asked).toEqual([['test/a.test.ts', 'test/b.test.ts']]);
    expect(sums).toMatchObject({ passed: 9, failed: 1, failures: [wrong], alone: [slow] });
  });

  it('and fails where it fails again, or where something else does', async () => {
    const sums = await withSecondRound(round(8, [slow]), () => Promise.resolve(round(0, [wrong])));
    expect(sums).toMatchObject({ failed: 1, failures: [wrong] });
  });

  it('but not where nothing failed, half of all did, or the runner itself broke', async () => {
    const never = (): Promise<never> => Promise.reject(new Error('not to be run again'));
    const many = Array.from({ length: 13 }, (_, index) => ({ file: `test/${index}.test.ts`, name: 'x' }));
    for (const first of [round(8, []), round(8, many), { ...round(8, [slow]), failed: 2 }])
      expect(await withSecondRound(first, never)).toEqual(first);
    const broken = { ...round(0, []), failed: 1 };
    expect(await withSecondRound(round(8, [slow]), () => Promise.resolve(broken))).toMatchObject({
      failed: 1,
      failures: [slow],
    });
  });
});

it('failures are read from what each runner reports', () => {
  const testResults = [
    {
      name: `${process.cwd()}/test/a.test.ts`,
      status: 'failed',
      assertionResults: [
        {
          status: 'failed',
          fullName: 'is soon there',
          failureMessages: ['\u001b[31mtook too long\u001b[39m\nat'],
        },
        { status: 'passed', fullName: 'other' },
      ],
    },
    { name: `${process.cwd()}/test/c.test.ts`, status: 'failed', assertionResults: [], message: 'Left: x' },
  ];
  expect(failuresOfVitest({ testResults })).toEqual([
    slow,
    { file: 'test/c.test.ts', name: 'outside its tests', message: 'Left: x' },
  ]);
  const spec = (ok: boolean, message: string): object => ({
    ok,
    file: 'w.test.ts',
    title: message,
    tests: [{ results: [{ errors: [{ message: `${message}\nmore` }] }] }],
  });
  const suites = [{ specs: [spec(true, 'fine')], suites: [{ specs: [spec(false, 'bad')] }] }];
  expect(failuresOfPlaywright({ suites })).toEqual([
    { file: 'test/window/w.test.ts', name: 'bad', message: 'bad' },
  ]);
});

it('all of them are told last', () => {
  expect(listFailures([{ failures: [wrong] }, { alone: [slow] }, {}]).split('\n')).toEqual([
    '',
    'Failed:',
    '  test/b.test.ts › is right: expected 1, got 2',
    '',
    'Passed only when run alone:',
    '  test/a.test.ts › is soon there: took too long',
  ]);
});

function round(passed: number, failures: readonly Failure[]): Record<string, unknown> {
  return { passed, failed: failures.length, failures, output: '' };
}
