import { isDriveLost, writeFault } from '../../contract/disk-faults.ts';
import { failed } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';
import { hasCode } from '../lib/error-text.ts';

/** An error of the file system while reading or writing a model, as a fault that names the file. */
export function diskFault(error: unknown, file: string): Outcome<never> {
  const why = writeFault(error, file);
  if (why.code === 'file-unreadable' && isDriveLost(error)) return failed('source-gone', { file });
  if (why.code === 'file-unreadable' && hasCode(error, 'ENOENT')) return failed('file-not-found', { file });
  return { ok: false, fault: why };
}
