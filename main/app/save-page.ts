import { writeFile } from 'node:fs/promises';
import { failed, ok } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';

/** Writes text where a person chose to. */
export async function savePage(path: string, text: string): Promise<Outcome<void>> {
  try {
    await writeFile(path, text);
    return ok(undefined);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOSPC'
      ? failed('disk-full', { file: path })
      : failed('store-read-only', { file: path });
  }
}
