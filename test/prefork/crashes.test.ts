import { afterEach, expect, test } from 'vitest';
import { reason as reasonOf } from '../../contract/faults/reasons.ts';
import { createCrashes } from '../../main/prefork/arbiter/crashes.ts';
import type { Guarded } from '../../main/prefork/messages.ts';

const reason = reasonOf('ended-by-signal', { signal: 'SIGSEGV' });
const model = 'm@1.0.0';
const run = (input: string) => ({ model, input });
const load = { model, input: null };
let close: () => void = () => undefined;
afterEach(() => close());

function open(times: { watchMs?: number; suspectMs?: number; restMs?: number } = {}) {
  const rested: string[] = [];
  let last: Guarded | null = null;
  const crashes = createCrashes({
    publish: (guarded) => (last = guarded),
    onRested: (ref) => rested.push(ref),
    log: () => undefined,
    times,
  });
  ({ close } = crashes);
  const now = (): Guarded => last ?? crashes.guarded();
  return {
    crashes,
    rested,
    refused: () => now().refused.map(([input]) => input),
    setAside: () => now().setAside.map(([ref, { code }]) => [ref, code]),
    isWatching: () => now().isWatching,
  };
}

test('nothing is watched before a crash, and a crash of which nothing is known blames nobody', () => {
  const { crashes, refused, setAside, isWatching } = open();
  expect(isWatching()).toBe(false);
  for (let turn = 0; turn < 5; turn += 1) crashes.crashed(null, reason);
  expect(isWatching()).toBe(true);
  expect(refused()).toEqual([]);
  expect(setAside()).toEqual([]);
});

test('an input is refused at its second crash, not where a run of it was lived through between', () => {
  const { crashes, refused } = open();
  crashes.crashed(run('a'), reason);
  crashes.survived(run('a'));
  crashes.crashed(run('a'), reason);
  expect(refused()).toEqual([]);
  crashes.crashed(run('a'), reason);
  expect(refused()).toEqual(['a']);
});

test('a model is set aside at the third crash in a row; loading well between does not help it, running does', () => {
  const { crashes, setAside } = open();
  crashes.crashed(run('a'), reason);
  crashes.crashed(run('b'), reason);
  crashes.survived(run('good'));
  for (const input of ['c', 'd']) {
    crashes.crashed(run(input), reason);
    crashes.survived(load);
  }
  expect(setAside()).toEqual([]);
  crashes.crashed(run('e'), reason);
  expect(setAside()).toEqual([[model, 'model-quarantined']]);
});

test('a model that crashes while it is loaded is set aside, rests ever longer, and at once no more when asked for by name', async () => {
  const { crashes, rested, setAside } = open({ restMs: 20 });
  for (let turn = 0; turn < 3; turn += 1) crashes.crashed(load, reason);
  expect(setAside()).toHaveLength(1);
  await expect.poll(() => rested).toEqual([model]);
  expect(setAside()).toEqual([]);
  // It did no better: no three more workers for it.
  crashes.crashed(load, reason);
  expect(setAside()).toHaveLength(1);
  crashes.forgive(model);
  expect(setAside()).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(rested).toEqual([model]);
});

test('what was refused is taken again when nothing has crashed for long enough', async () => {
  const { crashes, refused, isWatching } = open({ watchMs: 30 });
  crashes.crashed(run('a'), reason);
  crashes.crashed(run('a'), reason);
  expect(refused()).toEqual(['a']);
  await expect.poll(isWatching).toBe(false);
  expect(refused()).toEqual([]);
});

test('workers write down what they run as soon as one is gone, for a moment; a crash makes that longer', async () => {
  const { crashes, isWatching } = open({ suspectMs: 30 });
  crashes.suspect();
  expect(isWatching()).toBe(true);
  await expect.poll(isWatching).toBe(false);
  crashes.suspect();
  crashes.crashed(null, reason);
  crashes.suspect();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(isWatching()).toBe(true);
});
