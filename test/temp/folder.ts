import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

const made: string[] = [];
// Whoever imports this registers its own hooks later, and later hooks run first: nothing is in use any more.
afterAll(() => {
  for (const folder of made.splice(0)) remove(folder);
});

/** Installed packs may not be written to, which holds for everybody but root. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    spawnSync('chmod', ['-R', 'u+w', folder]);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** An empty folder that goes when the tests of this file are over, however they end. */
export function newFolder(purpose = 'test'): string {
  const folder = mkdtempSync(path.join(tmpdir(), `outpost-${purpose}-`));
  made.push(folder);
  return folder;
}
