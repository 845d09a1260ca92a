import { failed } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';

/** What the file system said while a feed or a key was read or written. */
export function diskFault(error: unknown, file: string): Outcome<never> {
  const { code } = error as NodeJS.ErrnoException;
  // Without a code it did not come from the disk: that is a mistake in the program.
  if (code === undefined) throw error;
  if (code === 'ENOSPC' || code === 'EDQUOT') return failed('disk-full', { file });
  if (code === 'ENOENT') return failed('file-not-found', { file });
  return failed('file-unreadable', { file, reason: code });
}
