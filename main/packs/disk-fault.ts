import { isDriveLost, writeFault } from '../../contract/faults/disk-faults.ts';
import { fault } from '../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import { hasCode } from '../lib/error-text.ts';

/** An error of the file system while reading or writing a model, as a fault that names the file. */
export function diskFaultOf(error: unknown, file: string): Fault {
  const why = writeFault(error, file);
  if (why.code === 'file-unreadable' && isDriveLost(error)) return fault('source-gone', { file });
  if (why.code === 'file-unreadable' && hasCode(error, 'ENOENT')) return fault('file-not-found', { file });
  return why;
}

/** The same, as the outcome of what failed. */
export const diskFault = (error: unknown, file: string): Outcome<never> => ({
  ok: false,
  fault: diskFaultOf(error, file),
});
