import { failed } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';

/** What the file system said, as a fault that names the file. */
export function diskFault(error: unknown, file: string): Outcome<never> {
  const { code, message } = error as NodeJS.ErrnoException;
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
      return failed('file-unreadable', { file, reason: code ?? message });
  }
}
