import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fsPath } from './file-names.ts';
import { hasCode } from './error-text.ts';

/**
 * Makes a folder and those above it that are not there. Node's own `recursive` tries for ever where a file system says of a folder that is
 * there that nothing can be found in it, as `/proc` does.
 */
export async function makeFolders(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
  } catch (error) {
    const above = dirname(folder);
    if (!hasCode(error, 'ENOENT') || above === folder) throw error;
    await makeFolders(above);
    await makeFolder(folder);
  }
}

/** One folder; somebody else may have made it. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(fsPath(folder));
  } catch (error) {
    if (!hasCode(error, 'EEXIST') || !(await stat(fsPath(folder))).isDirectory()) throw error;
  }
}
