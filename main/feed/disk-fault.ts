import { failed } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';
import { systemReason } from '../../contract/reasons.ts';
import { draftOf } from '../lib/output-file.ts';

/** What the file system said while a feed or a key was read or written. */
export function diskFault(error: unknown, file: string): Outcome<never> {
  const { code } = error as NodeJS.ErrnoException;
  // Without a code it did not come from the disk: that is a mistake in the program.
  if (code === undefined) throw error;
  const draft = draftOf(error);
  if (draft !== null) return failed('output-not-copied', { file, draft, reason: systemReason(error) });
  if (code === 'ENOSPC' || code === 'EDQUOT') return failed('disk-full', { file });
  if (code === 'ENOENT') return failed('file-not-found', { file });
  return failed('file-unreadable', { file, reason: systemReason(error) });
}
