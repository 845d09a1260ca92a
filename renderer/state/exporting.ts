import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ExportChoice, ExportFormat, ExportReport } from '../../contract/export.ts';
import type { RunFilter } from '../../contract/run.ts';
import type { Fault } from '../../contract/faults.ts';
import { cell } from './cell.ts';
import { valueOf } from './client.ts';

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

export const useExportPreview = ({ run, choice, shown }: Pick<Exporting, 'run' | 'choice' | 'shown'>) =>
  useQuery({
    queryKey: ['run', run, 'export', choice, shown],
    queryFn: () => valueOf('exports.preview', { run, choice, ...(shown && { shown }) }),
    placeholderData: keepPreviousData,
  });
export const useExportProfiles = () =>
  useQuery({ queryKey: ['export-profiles'], queryFn: () => valueOf('exports.profiles', {}) });
export const useExportProgress = (request: string) =>
  useQuery({
    queryKey: ['export-progress', request],
    queryFn: () => valueOf('exports.progress', { request }),
    refetchInterval: 400,
  });
