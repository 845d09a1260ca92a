import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ExportChoice, ExportFormat, ExportReport } from '../../contract/runs/export.ts';
import type { RunFilter } from '../../contract/runs/run.ts';
import type { Fault } from '../../contract/faults/faults.ts';
import { ask } from '../bridge.ts';
import { cell } from './cell.ts';
import { valueOf } from './client.ts';
import { isOver, useRun } from './run-queries.ts';

/*
 *   closed ──open──> choosing ──write──> writing ──> written
 *                       ^                   ├──stop──> choosing      (also when no place was chosen)
 *                       └────── change ─────┴──fault─> failed
 */
export type ExportStep =
  | { readonly kind: 'choosing' }
  | { readonly kind: 'writing'; readonly request: string }
  | { readonly kind: 'written'; readonly ref: string; readonly name: string; readonly report: ExportReport }
  | { readonly kind: 'failed'; readonly fault: Fault };
export type Exporting = {
  /** Of this opening of the dialog, and so of what was picked then, which may be all of a run: too much for a key of a query. */
  readonly id: string;
  readonly run: string;
  readonly format: ExportFormat;
  readonly choice: ExportChoice;
  /** The profile that the choice was filled in from; null without one. */
  readonly profile: string | null;
  /** Only the items that the run's list shows; null: all. */
  readonly shown: RunFilter | null;
  /** The items that were picked in the run's list when the dialog was opened; empty: none. */
  readonly picked: Uint32Array;
  readonly onlyPicked: boolean;
  readonly step: ExportStep;
};

/** The dialog that exports a run; null while it is closed. */
export const exporting = cell<Exporting | null>(null);

/** How long the count of a run that goes on may be behind it: each one looks through all of the run. */
const countMs = 5_000;

/** What main is asked to export. A profile has no items of a run, so they are not part of the choice before. */
export const requestOf = ({ run, choice, shown, picked, onlyPicked }: Exporting) => ({
  run,
  choice: onlyPicked ? { ...choice, items: picked } : choice,
  ...(shown && { shown }),
});

/** What the file will hold. `enabled` and keys: the run's own hints come four times a second, and are not asked with. */
const asked = (now: Exporting) => ({
  key: [now.run, now.choice, now.shown, now.onlyPicked && now.id],
  input: requestOf(now),
  isAsked: now.step.kind !== 'writing',
});

/** The first rows, at once. */
export function useExportRows(now: Exporting) {
  const { key, input, isAsked } = asked(now);
  return useQuery({
    queryKey: ['export-rows', ...key],
    queryFn: ({ signal }) =>
      untilStopped(signal, (request) => valueOf('exports.rows', { ...input, request })),
    placeholderData: keepPreviousData,
    enabled: isAsked,
    // Opened once more, they are looked at anew: sites, clocks and what a person said may have changed.
    staleTime: countMs,
    gcTime: 0,
  });
}

/** How many items, and which formats fit: of a long run after a while. Counting ends when another choice is made or the dialog closes. */
export function useExportCount(now: Exporting) {
  const { key, input, isAsked } = asked(now);
  const state = useRun(now.run).data;
  return useQuery({
    queryKey: ['export-count', ...key],
    queryFn: ({ signal }) =>
      untilStopped(signal, (request) => valueOf('exports.count', { ...input, request })),
    placeholderData: keepPreviousData,
    enabled: isAsked,
    refetchInterval: state && !isOver(state) ? countMs : false,
    staleTime: countMs,
    gcTime: 0,
  });
}

/** Asks main for what takes long, and stops it where nobody waits for it any more. */
function untilStopped<T>(signal: AbortSignal, work: (request: string) => Promise<T>): Promise<T> {
  const request = crypto.randomUUID();
  signal.addEventListener('abort', () => void ask('exports.stop', { request }), { once: true });
  return work(request);
}
export const useExportProfiles = () =>
  useQuery({ queryKey: ['export-profiles'], queryFn: () => valueOf('exports.profiles', {}) });
export const useExportProgress = (request: string) =>
  useQuery({
    queryKey: ['export-progress', request],
    queryFn: () => valueOf('exports.progress', { request }),
    refetchInterval: 400,
  });
