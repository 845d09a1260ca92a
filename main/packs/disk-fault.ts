import { failed } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';
import { systemReason } from '../../contract/reasons.ts';
import { draftOf } from '../lib/output-file.ts';

/** What the file system said, as a fault that names the file. */
export function diskFault(error: unknown, file: string): Outcome<never> {
  const { code } = error as NodeJS.ErrnoException;
  const draft = draftOf(error);
  if (draft !== null) return failed('output-not-copied', { file, draft, reason: systemReason(error) });
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return failed('disk-full', { file });
    case 'EROFS':
      return failed('store-read-only', { file });
    case 'EIO':
    case 'ENXIO':
    case 'ESTALE':
    case 'ENODEV':
      return failed('source-gone', { file });
    case 'ENOENT':
      return failed('file-not-found', { file });
    default:
      return failed('file-unreadable', { file, reason: systemReason(error) });
  }
}
