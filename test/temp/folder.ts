import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const made: string[] = [];
const ends = new Set<() => void>();

/** Installed packs may not be written to, which holds for everybody but root. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    spawnSync('chmod', ['-R', 'u+w', folder]);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** At the end of every file of tests, before its folders go. A hook of a module that files share would run for the first of them alone. */
export function atEndOfFiles(act: () => void): void {
  ends.add(act);
}

/** Called by each-file.ts. */
export function endFile(): void {
  for (const act of ends) act();
  for (const folder of made.splice(0)) remove(folder);
}

/** An empty folder that goes when the tests of this file are over, however they end. */
export function newFolder(purpose = 'test'): string {
  const folder = mkdtempSync(path.join(tmpdir(), `outpost-${purpose}-`));
  made.push(folder);
  return folder;
}
