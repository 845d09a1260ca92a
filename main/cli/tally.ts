export type Tally = { answered: number; fromCache: number; faults: number; readonly begunMs: number };

export const newTally = (): Tally => ({ answered: 0, fromCache: 0, faults: 0, begunMs: performance.now() });

/** As in `33 answered (12 from cache), 4 faults, 12.3 s, 2.7/s`. */
export function closingLine(tally: Tally, nowMs: number = performance.now()): string {
  const seconds = (nowMs - tally.begunMs) / 1000;
  const rate = seconds > 0 ? tally.answered / seconds : 0;
  const faults = `${tally.faults} ${tally.faults === 1 ? 'fault' : 'faults'}`;
  return `${tally.answered} answered (${tally.fromCache} from cache), ${faults}, ${seconds.toFixed(1)} s, ${rate.toFixed(1)}/s`;
}
