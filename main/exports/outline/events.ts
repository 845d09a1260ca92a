import { setImmediate as nextTurn } from 'node:timers/promises';
import { framesAtOnce, sortByTime } from './sort-by-time.ts';
import type { Frames } from './sort-by-time.ts';

/** Consecutive frames of one camera. Milliseconds of the corrected camera clock, read as if it were UTC. */
export type CameraEvent = { readonly id: string; readonly startMs: number; readonly endMs: number };

type JoinOptions = {
  readonly gapS: number;
  readonly idOf: (startMs: number) => string;
  readonly onEvent: (event: CameraEvent, seqs: Float64Array) => void;
};

/** Groups the frames of one camera into events, earliest first; a long list in pieces, between which others have their turn. */
export async function joinEvents(frames: Frames, { gapS, idOf, onEvent }: JoinOptions): Promise<void> {
  const { seqs, ms } = await sortByTime(frames);
  let first = 0;
  for (const [at, endMs] of ms.entries()) {
    if (at % framesAtOnce === framesAtOnce - 1) await nextTurn();
    if (at + 1 < ms.length && ms[at + 1]! - endMs <= gapS * 1000) continue;
    const startMs = ms[first]!;
    onEvent({ id: idOf(startMs), startMs, endMs }, seqs.subarray(first, at + 1));
    first = at + 1;
  }
}
