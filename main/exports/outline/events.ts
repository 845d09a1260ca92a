/** Consecutive frames of one camera. Milliseconds of the corrected camera clock, read as if it were UTC. */
export type CameraEvent = { readonly id: string; readonly startMs: number; readonly endMs: number };

/** Groups the frames of one camera into events. `times`: by frame number, in any order. */
export function joinEvents(
  times: readonly { readonly seq: number; readonly ms: number }[],
  { gapS, idOf }: { readonly gapS: number; readonly idOf: (startMs: number) => string },
): Map<number, CameraEvent> {
  const sorted = times.toSorted((a, b) => a.ms - b.ms || a.seq - b.seq);
  const events = new Map<number, CameraEvent>();
  let first = 0;
  for (const [at, { ms }] of sorted.entries()) {
    const next = sorted[at + 1];
    if (next && next.ms - ms <= gapS * 1000) continue;
    const startMs = sorted[first]!.ms;
    const event = { id: idOf(startMs), startMs, endMs: ms };
    for (const { seq } of sorted.slice(first, at + 1)) events.set(seq, event);
    first = at + 1;
  }
  return events;
}
