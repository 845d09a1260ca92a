import type { Fault } from '../../contract/faults/faults.ts';
import type { ImportPreview } from '../../contract/lifecycle/update.ts';
import { cell } from './cell.ts';

/** A pack, bundle or model file to import, described before anything is changed. */
export type PendingImport = {
  readonly ref: string;
  readonly preview: ImportPreview;
  /** `id@version` while it is being installed. */
  readonly installing: string | null;
  /** Why the installation failed. */
  readonly fault: Fault | null;
};
/** The import that waits while the user changes a required setting. */
export const waitingImport = cell<{ readonly ref: string; readonly name: string } | null>(null);
export const pendingImport = cell<PendingImport | null>(null);
