import { afterAll } from 'vitest';
import { openTemp } from '../../tools/checks/leftovers.mjs';

/*
 * Before each file of tests: a folder for temporary files of its own, also for the programs that the tests start. A file
 * that leaves something in it has failed, and is named here; `npm test` looks once more when all of a kind are over.
 */
// Whole programs are killed in the flows alone.
const temp = openTemp({ kills: process.env['OUTPOST_TEST_KILLS'] === '1' });
Object.assign(process.env, temp.env);

afterAll(async () => {
  const left = await temp.left();
  temp.remove();
  if (left.length > 0) throw new Error(`Left in the folder for temporary files: ${left.join(', ')}`);
});
