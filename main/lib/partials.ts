import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isFresh, markPattern, mayBeUsed, ownMark } from './process-mark.ts';

/*
 * A partial is a file or folder being written beside its target, `.NAME.<8 hex>.<mark of the process>.partial`. A kill
 * leaves it; the next output to the same target deletes it.
 */

/** Two outputs of one process may have the same target. */
const unique = (): string => randomUUID().slice(0, 8);
/** The name is shortened, since a long one leaves no room for the suffix. */
const startOf = (target: string): string => `.${basename(target).slice(0, 48)}.`;
/** Earlier versions wrote the process id alone, or nothing, in place of the mark. */
const ending = new RegExp(`^[0-9a-f]{8}(?:\\.(?:(${markPattern})|\\d+))?\\.partial$`, 'u');

/** Deletes what killed outputs to the target left beside it, and returns the path of a new partial. */
export async function nextPartial(target: string): Promise<string> {
  await sweepPartials(target);
  return join(dirname(target), `${startOf(target)}${unique()}.${ownMark()}.partial`);
}

async function sweepPartials(target: string): Promise<void> {
  const start = startOf(target);
  // A folder that cannot be listed may still be written to.
  for (const name of await readdir(dirname(target)).catch(() => [])) {
    const found = name.startsWith(start) ? ending.exec(name.slice(start.length)) : null;
    if (!found) continue;
    const path = join(dirname(target), name);
    if (await isWritten(path, found[1])) continue;
    // Another output may be deleting it too, or it is somebody else's.
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Two computers whose systems do not report the boot look like one, and may share the folder: only age decides there. */
const isWritten = (path: string, mark: string | undefined): Promise<boolean> =>
  mark === undefined || mark.endsWith('.0') ? isFresh(path) : mayBeUsed(path, mark);
