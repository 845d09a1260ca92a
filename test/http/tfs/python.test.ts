import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../../fakes/engine.ts';
import { startTfs } from './fixture.ts';
import type { TfsServer } from './fixture.ts';

const hasPython = ((): boolean => {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

let server: TfsServer;
beforeAll(async () => {
  server = await startTfs();
});
afterAll(() => server.close());

it.skipIf(!hasPython)('a Python program written for TensorFlow Serving works unchanged', async () => {
  const folder = path.join(root, 'models/efficientnet-lite0');
  const { samples } = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as {
    readonly samples: readonly { readonly file: string }[];
  };
  const program = path.join(root, 'test/clients/tfs_rest.py');
  const picture = path.join(folder, samples[0]!.file);
  const { stdout } = await promisify(execFile)('python3', [program, server.url, picture]);
  expect(stdout).toMatch(/^[^\n]+ 0\.\d{4}\nok\n$/u);
});
