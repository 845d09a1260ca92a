import { expect, it } from 'vitest';
import { fault } from '../../contract/faults/faults.ts';
import type { RunState } from '../../contract/runs/run.ts';
import { watchText } from '../../main/cli/run/text.ts';
import { reportTurn } from '../../main/cli/run/turn.ts';
import { stateOf } from '../../main/engine/runs/live-run.ts';
import { storedRun } from '../fakes/stored-run.ts';

const running: RunState = stateOf({ ...storedRun, title: 'Ridge' });
const slowedBy = (cause: RunState['slowedBy']): RunState => ({ ...running, slowedBy: cause });
const paused = (by: 'person' | 'battery' | 'drive', why: Parameters<typeof fault> | null = null): RunState =>
  ({ ...running, kind: 'paused', by, fault: why && fault(...why) }) as RunState;

/** What a person who looks on reads, from each state to the next; nothing is written over the bar. */
function readingOf(...states: readonly RunState[]): readonly string[] {
  const read: string[] = [];
  let isBarThere = true;
  const write = (text: string): void => void read.push(isBarThere ? `over the bar: ${text}` : text);
  const terminal = { note: write, complain: ({ code }: { code: string }) => write(code) };
  for (const [at, now] of states.slice(1).entries()) {
    isBarThere = true;
    reportTurn(terminal, { before: states[at]!, now }, () => (isBarThere = false));
  }
  return read;
}

it('a run that is slowed, waits and goes on says so once each time, and why', () => {
  const low = 'The battery is low: at half speed until the computer is plugged in.';
  expect(
    readingOf(
      running,
      slowedBy('battery'),
      slowedBy('battery'),
      paused('battery'),
      paused('battery'),
      running,
    ),
  ).toEqual([low, 'The battery is nearly empty: waits until the computer is plugged in.', 'Goes on.']);
  expect(readingOf(running, slowedBy('heat'), slowedBy('battery'), running)).toEqual([
    'The computer is hot: at half speed until it has cooled down.',
    low,
    'At full speed again.',
  ]);
  expect(readingOf(paused('battery'), slowedBy('battery'))).toEqual([low]);
});

it('a drive that goes is a fault by its name, and the run is back by its title; who paused it by hand knows it', () => {
  const away = paused('drive', ['drive-gone', { folder: '/media/card', at: 0 }]);
  expect(readingOf(running, away, away, running)).toEqual(['drive-gone', 'Ridge is back.']);
  expect(readingOf(running, paused('person'))).toEqual([]);
  expect(readingOf(running, running)).toEqual([]);
});

it('a folder that is watched, and one that is gone and waited for, are told with what came', () => {
  const counts = { ...running.counts, answered: 12, faults: 1, found: 16 };
  expect(watchText({ ...running, counts })).toBe('Watching Ridge · 12 answered · 1 fault · 3 coming');
  const away = {
    ...paused('drive'),
    owner: 'here',
    counts: { ...counts, found: 13 },
  } as RunState;
  expect(watchText(away)).toBe('Waiting for Ridge · 12 answered · 1 fault');
  expect(watchText({ ...away, owner: null })).toMatch(/^Watching/u);
});
