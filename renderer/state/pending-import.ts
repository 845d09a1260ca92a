import type { Fault } from '../../contract/faults.ts';
import type { ImportPreview } from '../../contract/update.ts';
import { cell } from './cell.ts';

/** A pack, bundle or model file that a person brought, shown before anything is changed. */
export type PendingImport = {
  readonly ref: string;
  readonly preview: ImportPreview;
  /** `id@version` while it is being installed. */
  readonly installing: string | null;
  /** Why installing it did not go. */
  readonly fault: Fault | null;
};
/** What waits while a person changes the setting that it needs. */
export const waitingImport = cell<{ readonly ref: string; readonly name: string } | null>(null);
export const pendingImport = cell<PendingImport | null>(null);
