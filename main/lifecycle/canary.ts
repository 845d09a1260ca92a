import { fault, faultTable, whyOf } from '../../contract/faults/faults.ts';
import type { Fault, FaultCode } from '../../contract/faults/faults.ts';
import type { CanaryReport } from '../../contract/lifecycle/lifecycle.ts';
import type { Observation } from '../engine/index.ts';
import { median } from './median.ts';

type CanaryParts = {
  readonly save: (report: CanaryReport) => void;
  readonly onBreach: (model: string, version: string, why: Fault) => void;
  readonly onProved: (model: string, version: string) => void;
};
type Watch = { report: CanaryReport; readonly begun: number; readonly times: number[]; due: number };

/** With fewer timed answers, speed is not compared. */
const fewestForSpeed = 10;
const mostFaultsShare = 0.05;
const saveEvery = 10;
/**
 * Latency budget: three times the previous version's median plus 100 ms. A busy computer alone must not cause a
 * roll-back, a model that is far too slow must.
 */
export const budgetOf = (usualMs: number | null): number | null =>
  usualMs === null ? null : 3 * usualMs + 100;

/** Watches a version's first real answers; `onBreach` fires as soon as they show that it must be rolled back. */
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
    /** Sets the latency budget once it is known. */
    allow: (model: string, version: string, budgetMs: number | null): void => {
      const watch = watched.get(model);
      if (watch?.report.version === version && watch.report.budgetMs === null)
        watch.report = { ...watch.report, budgetMs };
    },
    unwatch: (model: string): void => void watched.delete(model),
    report: (model: string): CanaryReport | null => watched.get(model)?.report ?? null,
    /** The version that answers this interactive request, or null for the active one. */
    route: (model: string): string | null => {
      const watch = watched.get(model);
      if (!watch || watch.report.share >= 1) return null;
      // Every n-th request, counted rather than drawn at random, so that routing is reproducible.
      watch.due += watch.report.share;
      if (watch.due < 1) return null;
      watch.due -= 1;
      return watch.report.version;
    },
    observe,
    /**
     * Saves what this process counted since the last save; a process that counted nothing overwrites nobody's numbers.
     */
    close: (): void => {
      for (const { report, begun } of watched.values())
        if (report.answered > begun && report.answered % saveEvery !== 0) save(report);
    },
  };
}

/** Faults after which no worker of the version runs any more. */
const stopsWorkers: readonly FaultCode[] = ['worker-crashed', 'model-quarantined', 'model-not-loaded'];

/** Why a watched version must be rolled back, or null. Pure. */
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

/** Whether a fault counts against the model; an unreadable photo, a full queue or a cancelled request does not. */
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
