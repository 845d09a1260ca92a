import { fault, faultTable, whyOf } from '../../contract/faults.ts';
import type { Fault, FaultCode } from '../../contract/faults.ts';
import type { CanaryReport } from '../../contract/lifecycle.ts';
import type { Observation } from '../engine/index.ts';
import { median } from './median.ts';

export type CanaryParts = {
  readonly save: (report: CanaryReport) => void;
  readonly onBreach: (model: string, version: string, why: Fault) => void;
  readonly onProved: (model: string, version: string) => void;
};
type Watch = { report: CanaryReport; readonly begun: number; readonly times: number[]; due: number };

/** Fewer answers than this are too few to compare speed. */
const fewestForSpeed = 10;
const mostFaultsShare = 0.05;
const saveEvery = 10;
/** Three times what the version before took, and a tenth of a second: a busy computer takes nothing back, a model that is far too slow is. */
export const budgetOf = (usualMs: number | null): number | null =>
  usualMs === null ? null : 3 * usualMs + 100;

/** Watches the first real answers of a version; `onBreach` fires as soon as it must not go on. */
export function createCanary({ save, onBreach, onProved }: CanaryParts) {
  const watched = new Map<string, Watch>();

  const observe = ({ model, version, outcome, ms }: Observation): void => {
    const watch = watched.get(model);
    if (!watch || watch.report.version !== version) return;
    if (!outcome.ok && !isOfModel(outcome.fault.code)) return;
    if (outcome.ok && ms !== null) watch.times.push(ms);
    const { report } = watch;
    const next: CanaryReport = {
      ...report,
      answered: report.answered + 1,
      faults: report.faults + (outcome.ok ? 0 : 1),
      medianMs: median(watch.times),
    };
    watch.report = next;
    const why = breach(next, outcome.ok ? null : outcome.fault, watch.times.length);
    if (why) {
      watched.delete(model);
      onBreach(model, version, why);
    } else if (next.answered >= next.of) {
      watched.delete(model);
      onProved(model, version);
    } else if (next.answered % saveEvery === 0) save(next);
  };

  return {
    watch: (report: CanaryReport): void =>
      void watched.set(report.model, { report, begun: report.answered, times: [], due: 0 }),
    /** Sets what an answer may take, when that is known. */
    allow: (model: string, version: string, budgetMs: number | null): void => {
      const watch = watched.get(model);
      if (watch?.report.version === version && watch.report.budgetMs === null)
        watch.report = { ...watch.report, budgetMs };
    },
    unwatch: (model: string): void => void watched.delete(model),
    report: (model: string): CanaryReport | null => watched.get(model)?.report ?? null,
    /** The version that this interactive request goes to, or null for the one that answers anyway. */
    route: (model: string): string | null => {
      const watch = watched.get(model);
      if (!watch || watch.report.share >= 1) return null;
      // The same requests each time, evenly spread: no dice.
      watch.due += watch.report.share;
      if (watch.due < 1) return null;
      watch.due -= 1;
      return watch.report.version;
    },
    observe,
    /** Puts down what was counted here since the last time; who counted nothing does not write over who did. */
    close: (): void => {
      for (const { report, begun } of watched.values())
        if (report.answered > begun && report.answered % saveEvery !== 0) save(report);
    },
  };
}

/** Its workers ended, or none of them could be started again. */
const stopsWorkers: readonly FaultCode[] = ['worker-crashed', 'model-quarantined', 'model-not-loaded'];

/** Why a watched version must not go on, or null. Pure. */
export function breach(report: CanaryReport, last: Fault | null, timed: number): Fault | null {
  const { model, version, answered, faults, medianMs, budgetMs } = report;
  const ref = `${model}@${version}`;
  if (last && stopsWorkers.includes(last.code))
    return fault('canary-crashed', { model: ref, reason: whyOf(last) });
  if (faults >= 2 && faults > answered * mostFaultsShare)
    return fault('canary-faults', { model: ref, faults, answered });
  const isSlow = timed >= fewestForSpeed && medianMs !== null && budgetMs !== null && medianMs > budgetMs;
  return isSlow
    ? fault('canary-slow', { model: ref, ms: Math.round(medianMs), budget: Math.round(budgetMs) })
    : null;
}

/** Faults that speak against the model; an unreadable photo, a full queue or an impatient person do not. */
export function isOfModel(code: FaultCode): boolean {
  const ofModel: readonly FaultCode[] = [
    'worker-crashed',
    'worker-timeout',
    'model-rejected',
    'model-stopped',
    'onnx-mismatch',
    'model-quarantined',
    'model-not-loaded',
    'model-load-timeout',
    'provider-unavailable',
    'input-invalid',
    'internal',
  ];
  return ofModel.includes(code) && code in faultTable;
}
