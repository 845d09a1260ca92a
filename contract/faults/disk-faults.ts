import { fault } from './faults.ts';
import type { Fault } from './faults.ts';
import { systemReason } from './reasons.ts';

/*
 * Maps errors of the operating system (`errno`, in `code` of Node's errors) to faults that name the file. Callers with
 * finer distinctions make them first and fall back to these.
 */

/** The code of an operating system error; undefined for other errors, which are bugs. */
export const systemCode = (error: unknown): string | undefined => {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : undefined;
};

export const isDiskFull = (error: unknown): boolean => full.has(systemCode(error) ?? '');
/** Nothing has this name: no such entry, or a component of the path is not a folder. */
export const isMissing = (error: unknown): boolean => missing.has(systemCode(error) ?? '');
/** The drive was removed: a stick pulled out, a share disconnected. */
export const isDriveLost = (error: unknown): boolean => driveLost.has(systemCode(error) ?? '');

const full = new Set(['ENOSPC', 'EDQUOT']);
const missing = new Set(['ENOENT', 'ENOTDIR']);
const driveLost = new Set(['EIO', 'ENXIO', 'ESTALE', 'ENODEV']);

/** The fault for a file that could not be read: `file-not-found`, else `file-unreadable`. */
export const readFault = (error: unknown, file: string): Fault =>
  isMissing(error)
    ? fault('file-not-found', { file })
    : fault('file-unreadable', { file, reason: systemReason(error) });

/**
 * The fault for a file that could not be written: `output-not-copied` (the error names a complete draft), `disk-full`,
 * `store-read-only`, else `file-unreadable`.
 */
export function writeFault(error: unknown, file: string): Fault {
  const { draft } = (error ?? {}) as { readonly draft?: unknown };
  if (typeof draft === 'string')
    return fault('output-not-copied', { file, draft, reason: systemReason(error) });
  if (isDiskFull(error)) return fault('disk-full', { file });
  if (systemCode(error) === 'EROFS') return fault('store-read-only', { file });
  return fault('file-unreadable', { file, reason: systemReason(error) });
}

/** The same for a place that a person chose to write to: `place-is-folder`, `place-unwritable`. */
export function placeFault(error: unknown, file: string): Fault {
  if (systemCode(error) === 'EISDIR') return fault('place-is-folder', { file });
  const why = writeFault(error, file);
  return why.code === 'disk-full' || why.code === 'output-not-copied'
    ? why
    : fault('place-unwritable', { file, reason: systemReason(error) });
}
