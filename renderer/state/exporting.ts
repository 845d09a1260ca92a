import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ExportChoice, ExportFormat, ExportReport } from '../../contract/export.ts';
import type { RunFilter } from '../../contract/run.ts';
import type { Fault } from '../../contract/faults.ts';
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
  readonly run: string;
  readonly format: ExportFormat;
  readonly choice: ExportChoice;
  /** The profile that the choice was filled in from; null without one. */
  readonly profile: string | null;
  /** Only the items that the run's list shows; null: all. */
  readonly shown: RunFilter | null;
  readonly step: ExportStep;
};

/** The dialog that exports a run; null while it is closed. */
export const exporting = cell<Exporting | null>(null);

/** How long the preview of a run that goes on may be behind it: each one walks all of the run. */
const previewMs = 5_000;

/**
 * What the file will hold. Its key is not below that of the run: hints come four times a second, and what else is shown of the run would
 * wait for this slowest of answers.
 */
export function useExportPreview({ run, choice, shown, step }: Exporting) {
  const state = useRun(run).data;
  return useQuery({
    queryKey: ['export-preview', run, choice, shown],
    queryFn: () => valueOf('exports.preview', { run, choice, ...(shown && { shown }) }),
    placeholderData: keepPreviousData,
    enabled: step.kind !== 'writing',
    refetchInterval: state && !isOver(state) ? previewMs : false,
    // Opened once more, it is looked at anew: sites, clocks and what a person said may have changed.
    staleTime: previewMs,
    gcTime: 0,
  });
}
export const useExportProfiles = () =>
  useQuery({ queryKey: ['export-profiles'], queryFn: () => valueOf('exports.profiles', {}) });
export const useExportProgress = (request: string) =>
  useQuery({
    queryKey: ['export-progress', request],
    queryFn: () => valueOf('exports.progress', { request }),
    refetchInterval: 400,
  });
