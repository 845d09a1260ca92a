import { isDriveLost, writeFault } from '../../contract/disk-faults.ts';
import { failed } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';
import { hasCode } from '../lib/error-text.ts';

/** What the file system said while a model was read or written, as a fault that names the file. */
export function diskFault(error: unknown, file: string): Outcome<never> {
  const why = writeFault(error, file);
  if (why.code === 'file-unreadable' && isDriveLost(error)) return failed('source-gone', { file });
  if (why.code === 'file-unreadable' && hasCode(error, 'ENOENT')) return failed('file-not-found', { file });
  return { ok: false, fault: why };
}
