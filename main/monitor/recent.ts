import type { Cells } from './cells.ts';
import { histogramSize, percentile } from './histogram.ts';

/** `at` in seconds since 1970; a second that was looked at while it ran may stand in two parts. */
export type Second = { readonly at: number; readonly cells: Cells };
type Asked = {
  readonly to: number;
  readonly seconds: number;
  readonly model: string | undefined;
  readonly client: string | undefined;
};

/** Answers a second and their median over the last whole seconds before `to`. */
export function recentOf(
  seconds: readonly Second[],
  asked: Asked,
): { readonly perSecond: number; readonly medianMs: number | null } {
  const latency = new Float64Array(histogramSize);
  let answered = 0;
  for (const { at, cells } of seconds) {
    if (at >= asked.to || at < asked.to - asked.seconds) continue;
    for (const cell of cells.values()) {
      if (asked.model !== undefined && cell.model !== asked.model) continue;
      if (asked.client !== undefined && cell.client !== asked.client) continue;
      answered += cell.answered;
      for (const [step, times] of cell.latency.entries()) latency[step] = (latency[step] ?? 0) + times;
    }
  }
  return { perSecond: answered / asked.seconds, medianMs: percentile(latency, 0.5) };
}
