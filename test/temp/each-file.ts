import { afterAll, vi } from 'vitest';
import { openTemp } from '../../tools/checks/leftovers.mjs';
import { endFile } from './folder.ts';

/*
 * Before each file of tests: a folder for temporary files of its own, also for the programs that the tests start. A file
 * that leaves something in it has failed, and is named here; `npm test` looks once more when all of a kind are over.
 * The environment and what was replaced by `vi` end with the file, so that files can share a process.
 */
const before = { ...process.env };
// Whole programs are killed in the flows alone.
const temp = openTemp({ kills: process.env['OUTPOST_TEST_KILLS'] === '1' });
Object.assign(process.env, temp.env);

afterAll(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  const left = await temp.left();
  temp.remove();
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  if (left.length > 0) throw new Error(`Left in the folder for temporary files: ${left.join(', ')}`);
});
// The hooks of a file come later, and later hooks run first: nothing is in use any more.
afterAll(endFile);
