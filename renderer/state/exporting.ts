import { useQuery } from '@tanstack/react-query';
import type { ExportFormat, ExportReport } from '../../contract/export.ts';
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
export type Exporting = { readonly run: string; readonly format: ExportFormat; readonly step: ExportStep };

/** The dialog that exports a run; null while it is closed. */
export const exporting = cell<Exporting | null>(null);

export const useExportPreview = (run: string) =>
  useQuery({ queryKey: ['run', run, 'export'], queryFn: () => valueOf('exports.preview', { run }) });
export const useExportProgress = (request: string) =>
  useQuery({
    queryKey: ['export-progress', request],
    queryFn: () => valueOf('exports.progress', { request }),
    refetchInterval: 400,
  });
