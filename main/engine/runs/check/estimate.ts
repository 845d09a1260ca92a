import type { RunCheck } from '../../../../contract/runs/run-check.ts';
import type { Power } from '../../../lib/power.ts';
import { spreadOf } from '../rate.ts';

/** How fast the sample was answered: all of it in `elapsedMs`, with the time that each took by itself. */
export type Timing = { readonly elapsedMs: number; readonly durationsMs: readonly number[] };

export const rateOf = ({ elapsedMs, durationsMs }: Timing): number =>
  (durationsMs.length * 1000) / Math.max(1, elapsedMs);

/** The time for `count` photos, by what was measured and by how much the measured ones differ among themselves. */
export function estimateTime(count: number, timing: Timing): RunCheck['timeMs'] {
  const likely = (count / rateOf(timing)) * 1000;
  const apart = spreadOf(timing.durationsMs.length, variationOf(timing.durationsMs));
  return { from: Math.round(likely / apart), to: Math.round(likely * apart) };
}

/** Below this nobody waits. */
const atOnceMs = 1_000;

/**
 * The time for photos that have an answer: each is found, looked up and noted, and hashed where its file was never seen. A check does
 * almost the same to each, within `checkMs`; the run took 1.5 times as long on a computer with two cores.
 */
export function estimateKnown(
  count: number,
  checkMs: number,
): { readonly from: number; readonly to: number } {
  const likely = count * checkMs;
  const to = Math.round(likely * 3);
  return to < atOnceMs ? { from: 0, to: 0 } : { from: Math.round(likely * 0.6), to };
}

/** Share of a full battery that the run will use at the current power draw; null where unknown. */
export function estimateBattery(power: Power, timeMs: RunCheck['timeMs']): RunCheck['battery'] {
  if (power.kind !== 'battery' || power.isCharging || power.hoursLeft === null || timeMs === null)
    return null;
  const { charge, hoursLeft } = power;
  const takenIn = (ms: number): number => (ms / 3_600_000 / Math.max(0.01, hoursLeft)) * charge;
  return { charge, takes: { from: takenIn(timeMs.from), to: takenIn(timeMs.to) } };
}

/** Standard deviation as a share of the mean. */
function variationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length);
  return mean > 0 ? Math.sqrt(square) / mean : 0;
}
