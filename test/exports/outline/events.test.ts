import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { joinEvents } from '../../../main/exports/outline/events.ts';
import type { CameraEvent } from '../../../main/exports/outline/events.ts';

type Joined = { readonly event: CameraEvent; readonly seqs: readonly number[] };

async function join(
  frames: readonly (readonly [seq: number, seconds: number])[],
): Promise<readonly Joined[]> {
  const joined: Joined[] = [];
  await joinEvents(
    {
      seqs: Float64Array.from(frames, ([seq]) => seq),
      ms: Float64Array.from(frames, ([, seconds]) => seconds * 1000),
    },
    {
      gapS: 60,
      idOf: (startMs) => `at ${startMs / 1000}`,
      onEvent: (event, seqs) => joined.push({ event, seqs: [...seqs] }),
    },
  );
  return joined;
}

it('frames at most a gap apart are one event, in the order of time, whatever order they are in', async () => {
  expect(await join([])).toEqual([]);
  expect(
    await join([
      [4, 400],
      [1, 60],
      [0, 0],
      [3, 400],
      [2, 121],
    ]),
  ).toEqual([
    { event: { id: 'at 0', startMs: 0, endMs: 60_000 }, seqs: [0, 1] },
    { event: { id: 'at 121', startMs: 121_000, endMs: 121_000 }, seqs: [2] },
    { event: { id: 'at 400', startMs: 400_000, endMs: 400_000 }, seqs: [3, 4] },
  ]);
});

it('many frames in disorder are the events that a plain sort gives', async () => {
  // Times of 5 s to 400 s apart, in an order that no piece of the list has by itself.
  const count = 123_457;
  const frames = Array.from({ length: count }, (_, at) => {
    const place = (at * 7_919) % count;
    return [at, place * 5 + (place % 97 === 0 ? 1 : 0) + Math.floor(place / 1_000) * 400] as const;
  });
  const joined = await join(frames);
  const sorted = frames.toSorted((a, b) => a[1] - b[1] || a[0] - b[0]);
  expect(joined.flatMap(({ seqs }) => seqs)).toEqual(sorted.map(([seq]) => seq));
  const gaps = sorted.filter(([, seconds], at) => at > 0 && seconds - sorted[at - 1]![1] > 60).length;
  expect(joined).toHaveLength(gaps + 1);
  expect(gaps).toBeGreaterThan(100);
});

it('a camera with a million frames holds the event loop for no longer than a small part of the whole', async () => {
  const count = 1_000_000;
  const frames = {
    seqs: Float64Array.from({ length: count }, (_, at) => at),
    ms: Float64Array.from({ length: count }, (_, at) => ((at * 611_953) % count) * 20_000),
  };
  const shareHeld = async (): Promise<number> => {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await nextTurn();
    delay.reset();
    const begun = performance.now();
    let joined = 0;
    await joinEvents(frames, { gapS: 60, idOf: String, onEvent: (_, seqs) => (joined += seqs.length) });
    const wholeMs = performance.now() - begun;
    delay.disable();
    expect(joined).toBe(count);
    return delay.max / 1e6 / wholeMs;
  };
  // The best of some: this process may wait for a processor as well.
  let share = await shareHeld();
  for (let round = 0; round < 4 && share >= 0.5; round += 1) share = Math.min(share, await shareHeld());
  expect(share).toBeLessThan(0.5);
}, 60_000);
