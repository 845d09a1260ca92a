import { systemCode } from '../../contract/faults/disk-faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { diskFault as packFault } from '../packs/index.ts';

/** What the file system said while a feed or a key was read or written; throws what the file system did not say. */
export function diskFault(error: unknown, file: string): Outcome<never> {
  if (systemCode(error) === undefined) throw error;
  return packFault(error, file);
}
