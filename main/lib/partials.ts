import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isFresh, markPattern, mayBeUsed, ownMark } from './process-mark.ts';

/*
 * A partial is a file or folder being written beside its target, `.NAME.<8 hex>.<mark of the process>.partial`. A kill
 * leaves it; the next output to the same target deletes it.
 *
 *   .partial ──written──> renamed to the target
 *       └──written, and the target has to keep its place──> .copying ──copied──> deleted
 *                                                               ├──failed──> .whole, which a person is told of, and which stays
 *                                                               └──killed──> stays until another output has filled the target
 */

/** Two outputs of one process may have the same target. */
const unique = (): string => randomUUID().slice(0, 8);
/** The name is shortened, since a long one leaves no room for the suffix. */
const startOf = (target: string): string => `.${basename(target).slice(0, 48)}.`;
/** Earlier versions wrote the process id alone, or nothing, in place of the mark. */
const ending = new RegExp(`^[0-9a-f]{8}(?:\\.(?:(${markPattern})|\\d+))?\\.(partial|copying)$`, 'u');
type Kind = 'partial' | 'copying';

/** Deletes what killed outputs to the target left beside it, and returns the path of a new partial. */
export async function nextPartial(target: string): Promise<string> {
  await sweep(target, 'partial');
  return join(dirname(target), `${startOf(target)}${unique()}.${ownMark()}.partial`);
}

/** Of a partial that is complete and is being copied into its target: while it is, it is the only complete one. */
export const copyingName = (partial: string): string => partial.replace(/partial$/u, 'copying');
/** The name of one that could not be copied; no later output deletes it. */
export const wholeName = (copying: string): string => copying.replace(/copying$/u, 'whole');
/** Deletes what killed outputs were copying into the target, once another one has filled it. */
export const sweepCopying = (target: string): Promise<void> => sweep(target, 'copying');

async function sweep(target: string, kind: Kind): Promise<void> {
  const start = startOf(target);
  // A folder that cannot be listed may still be written to.
  for (const name of await readdir(dirname(target)).catch(() => [])) {
    const found = name.startsWith(start) ? ending.exec(name.slice(start.length)) : null;
    if (found?.[2] !== kind) continue;
    const path = join(dirname(target), name);
    if (await isWritten(path, found[1])) continue;
    // Another output may be deleting it too, or it is somebody else's.
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Two computers whose systems do not report the boot look like one, and may share the folder: only age decides there. */
const isWritten = (path: string, mark: string | undefined): Promise<boolean> =>
  mark === undefined || mark.endsWith('.0') ? isFresh(path) : mayBeUsed(path, mark);
