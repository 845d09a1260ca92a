import { mkdirSync, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fsPath } from './file-names.ts';
import { hasCode } from './error-text.ts';

type Mode = { readonly mode?: number };

/**
 * Makes a folder and those above it that are not there. Node's own `recursive` tries for ever where a file system says of a folder that is
 * there that nothing can be found in it, as `/proc` does.
 */
export async function makeFolders(folder: string, mode: Mode = {}): Promise<void> {
  try {
    await makeFolder(folder, mode);
  } catch (error) {
    const above = dirname(folder);
    if (!hasCode(error, 'ENOENT') || above === folder) throw error;
    await makeFolders(above, mode);
    await makeFolder(folder, mode);
  }
}

/** One folder; somebody else may have made it. */
async function makeFolder(folder: string, mode: Mode): Promise<void> {
  try {
    await mkdir(fsPath(folder), mode);
  } catch (error) {
    if (!hasCode(error, 'EEXIST') || !(await stat(fsPath(folder))).isDirectory()) throw error;
  }
}

/** The same at once; whether the folder itself was made. */
export function makeFoldersSync(folder: string, mode: Mode = {}): boolean {
  try {
    return makeFolderSync(folder, mode);
  } catch (error) {
    const above = dirname(folder);
    if (!hasCode(error, 'ENOENT') || above === folder) throw error;
    makeFoldersSync(above, mode);
    return makeFolderSync(folder, mode);
  }
}

function makeFolderSync(folder: string, mode: Mode): boolean {
  try {
    mkdirSync(fsPath(folder), mode);
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST') || !statSync(fsPath(folder)).isDirectory()) throw error;
    return false;
  }
}
