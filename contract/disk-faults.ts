import { fault } from './faults.ts';
import type { Fault } from './faults.ts';
import { systemReason } from './reasons.ts';

/*
 * What the operating system says of a file (`errno`, as Node's errors carry it in `code`), as a fault that names the file.
 * Rooms that tell more apart do so first and end here.
 */

/** The code of an error of the operating system; undefined says that the error is a mistake of the program, not the disk's. */
export const systemCode = (error: unknown): string | undefined => {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : undefined;
};

export const isDiskFull = (error: unknown): boolean => full.has(systemCode(error) ?? '');
/** Nothing has this name: no such entry, or a part of the path is no folder. */
export const isMissing = (error: unknown): boolean => missing.has(systemCode(error) ?? '');
/** The drive under the file went away: a stick that was pulled out, a share that is gone. */
export const isDriveLost = (error: unknown): boolean => driveLost.has(systemCode(error) ?? '');

const full = new Set(['ENOSPC', 'EDQUOT']);
const missing = new Set(['ENOENT', 'ENOTDIR']);
const driveLost = new Set(['EIO', 'ENXIO', 'ESTALE', 'ENODEV']);

/** Why a file could not be read: `file-not-found`, else `file-unreadable`. */
export const readFault = (error: unknown, file: string): Fault =>
  isMissing(error)
    ? fault('file-not-found', { file })
    : fault('file-unreadable', { file, reason: systemReason(error) });

/** Why a file could not be written: `output-not-copied` (the error names a whole draft), `disk-full`, `store-read-only`, else `file-unreadable`. */
export function writeFault(error: unknown, file: string): Fault {
  const { draft } = (error ?? {}) as { readonly draft?: unknown };
  if (typeof draft === 'string')
    return fault('output-not-copied', { file, draft, reason: systemReason(error) });
  if (isDiskFull(error)) return fault('disk-full', { file });
  if (systemCode(error) === 'EROFS') return fault('store-read-only', { file });
  return fault('file-unreadable', { file, reason: systemReason(error) });
}
