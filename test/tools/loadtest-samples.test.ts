import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { readJtl } from '../../loadtest/jmeter.mjs';
import { withSamples } from '../../tools/loadtest.mjs';

const steps = [
  { name: 'steady', users: 4, seconds: 5 },
  { name: 'soak', users: 4, seconds: 5 },
];
const head = 'timeStamp,elapsed,label,responseCode,responseMessage,threadName,success';
const sample = (label: string): string => `1,12,${label},200,OK,t,true`;

it('a JMeter without its functions writes a table without samples: that is said, with what it printed', () => {
  const run = withSamples(
    { steps: readJtl(`${head}\n`, steps), output: 'CannotResolveClassException: kg.apc.jmeter' },
    steps,
  );
  expect(run).toEqual({
    steps: [],
    left: 'it gave no sample and said: CannotResolveClassException: kg.apc.jmeter',
    isSilent: true,
  });
});

it('a step without a sample is named, and a run that has all is as it was', () => {
  const half = readJtl(`${head}\n${sample('steady')}\n`, steps);
  expect(withSamples({ steps: half, output: '' }, steps)).toEqual({
    steps: half,
    missing: ['soak'],
    isSilent: true,
  });
  const whole = readJtl(`${head}\n${sample('steady')}\n${sample('soak')}\n`, steps);
  expect(withSamples({ steps: whole, output: 'done' }, steps)).toEqual({ steps: whole });
  expect(withSamples({ steps: [], left: 'not installed' }, steps)).toEqual({
    steps: [],
    left: 'not installed',
  });
});

it('takes no address for a word that is none', () => {
  const { status, stderr } = spawnSync(process.execPath, ['tools/loadtest.mjs', 'steady'], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([
    2,
    expect.stringMatching(/^steady is no address of a server\. Give one such as http/),
  ]);
});
