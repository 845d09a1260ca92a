import type { LeftOut } from '../../contract/runs/run.ts';

export type Tally = {
  answered: number;
  fromCache: number;
  faults: number;
  readonly leftOut: { -readonly [K in keyof LeftOut]: number };
  readonly begunMs: number;
};

export const newTally = (): Tally => ({
  answered: 0,
  fromCache: 0,
  faults: 0,
  leftOut: { other: 0, hidden: 0, system: 0 },
  begunMs: performance.now(),
});

/** As in `33 answered (12 from cache), 4 faults, 12.3 s, 2.7/s; left out: 2 other files`. */
export function closingLine(tally: Tally, nowMs: number = performance.now()): string {
  const seconds = (nowMs - tally.begunMs) / 1000;
  const rate = seconds > 0 ? tally.answered / seconds : 0;
  const faults = `${tally.faults} ${tally.faults === 1 ? 'fault' : 'faults'}`;
  const left = leftOutText(tally.leftOut);
  return `${tally.answered} answered (${tally.fromCache} from cache), ${faults}, ${seconds.toFixed(1)} s, ${rate.toFixed(1)}/s${left && `; left out: ${left}`}`;
}

/** What was passed over, by reason; empty when nothing was. */
export function leftOutText({ other, hidden, system }: LeftOut): string {
  const parts = [
    [other, other === 1 ? 'other file' : 'other files'],
    [hidden, hidden === 1 ? 'hidden entry' : 'hidden entries'],
    [system, system === 1 ? 'system folder' : 'system folders'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`)
    .join(', ');
}
