import type { RunState } from '../../contract/runs/run.ts';
import { countFiles } from '../engine/index.ts';
import { bar, lineStart, pad } from './paint.ts';
import type { Terminal } from './terminal.ts';

/**
 * Items a second and the milliseconds left, from whoever knows them better than by what was done since the bar began; with bounds
 * while these are all that can be said.
 */
export type Pace = Pick<RunState, 'rate' | 'leftMs'> & Partial<Pick<RunState, 'leftRangeMs'>>;
export type Progress = { update(done: number, faults: number, pace?: Pace): void; clear(): void };

/** A bar on standard error while it is a terminal; `clear` before anything else is written to the same terminal. */
export function openProgress(terminal: Terminal, total: () => number | null): Progress {
  if (!terminal.isErrorTerminal || terminal.isQuiet)
    return { update: () => undefined, clear: () => undefined };
  const begun = performance.now();
  let drawnAt = 0;
  let isShown = false;
  return {
    update: (done, faults, pace) => {
      const now = performance.now();
      // Throttle redraws.
      if (now - drawnAt < 80) return;
      drawnAt = now;
      isShown = true;
      const state = {
        done,
        faults,
        total: total(),
        pace: pace ?? paceOf(done, { total: total(), ms: now - begun }),
      };
      terminal.raw(`${lineStart}${line(state, terminal)}`);
    },
    clear: () => {
      if (isShown) terminal.raw(lineStart);
      isShown = false;
    },
  };
}

function paceOf(done: number, { total, ms }: { total: number | null; ms: number }): Pace {
  const rate = done / (ms / 1000);
  return { rate, leftMs: rate > 0 && total !== null ? ((total - done) / rate) * 1000 : null };
}

function line(
  state: { done: number; faults: number; total: number | null; pace: Pace },
  terminal: Terminal,
): string {
  const { done, faults, total, pace } = state;
  const { rate } = pace;
  const speed = `${rate.toFixed(1)}/s`;
  const wrong =
    faults > 0 ? ` · ${terminal.errorPaint.bad(`${faults} ${faults === 1 ? 'fault' : 'faults'}`)}` : '';
  if (total === null || total < done) return `${done} answered · ${speed}${wrong}`;
  const left = leftText(pace);
  return `${terminal.errorPaint.accent(pad(bar(done / Math.max(1, total), 20), 20))} ${done} of ${total} · ${speed}${left === '' ? '' : ` · ${left} left`}${wrong}`;
}

function leftText({ leftMs, leftRangeMs }: Pace): string {
  if (!leftRangeMs) return leftMs === null ? '' : clock(leftMs / 1000);
  const [from, to] = [clock(leftRangeMs.from / 1000), clock(leftRangeMs.to / 1000)];
  return from === to ? to : `${from} to ${to}`;
}

function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const parts =
    whole >= 3600
      ? [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
      : [Math.floor(whole / 60), whole % 60];
  return parts.map((part, at) => (at === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

/** Counts the files of a run, for the progress bar alone. */
export function countInputs(inputs: readonly string[], signal: AbortSignal): () => number | null {
  let total: number | null = null;
  const onCount = (count: number, isAll: boolean): void => {
    if (isAll) total = count;
  };
  if (!inputs.includes('-')) countFiles(inputs, onCount, signal).catch(() => undefined);
  return () => total;
}
