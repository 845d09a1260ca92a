import { afterEach, expect, test, vi } from 'vitest';
import type { Gathered } from '../../main/prefork/messages.ts';
import { createGathering } from '../../main/prefork/worker/gathering.ts';

afterEach(() => {
  vi.useRealTimers();
});
const change = (at: number) => ({ at }) as never;

test('what is to be kept goes in groups, at most 50 ms after it came', () => {
  vi.useFakeTimers();
  const sent: Gathered[] = [];
  const gathering = createGathering({ send: (gathered) => sent.push(gathered), room: () => 7 });
  for (let at = 0; at < 30; at += 1) {
    gathering.change(change(at));
    vi.advanceTimersByTime(1);
  }
  expect(sent).toHaveLength(0);
  // The first of them came 30 ms ago.
  vi.advanceTimersByTime(20);
  expect(sent).toHaveLength(1);
  expect(sent[0]!.changes).toHaveLength(30);
  vi.advanceTimersByTime(1_000);
  expect(sent).toHaveLength(1);
  gathering.change(change(30));
  vi.advanceTimersByTime(50);
  expect(sent.map(({ changes }) => changes.length)).toEqual([30, 1]);
});
