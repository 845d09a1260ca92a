import { opendir, stat } from 'node:fs/promises';
import { fsPath } from './file-names.ts';

/** The file system a folder is on, by its number; null where the folder is not there or cannot be looked into. */
export async function fileSystemOf(folder: string): Promise<bigint | null> {
  try {
    const stats = await stat(fsPath(folder), { bigint: true });
    // A drive that was pulled may still be known by name: only reading shows that nothing answers.
    const entries = await opendir(fsPath(folder));
    try {
      await entries.read();
    } finally {
      await entries.close();
    }
    return stats.dev;
  } catch {
    return null;
  }
}
