import { execFile, execFileSync } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from '../../fakes/engine.ts';
import { openTestServing } from '../../fixtures/serving.ts';
import { remove, startServer, writeEchoPacks } from './fixture.ts';

const script = path.join(root, 'test/clients/oip_grpc.py');
const picture = path.join(root, 'test/fixtures/photos/coffee.png');

it.skipIf(!hasClient())('answers tritonclient, where python3 has it', { timeout: 120_000 }, async () => {
  const packs = writeEchoPacks();
  const opened = await openTestServing({ engine: { modelFolders: [`${root}/models`, packs] } });
  const server = await startServer({ serving: opened.serving });
  try {
    const { stdout } = await promisify(execFile)('python3', [script, server.address, picture]);
    expect(stdout.match(/: ok$/gmu)).toHaveLength(12);
  } finally {
    await server.close();
    await opened.close();
    remove(packs);
  }
});

function hasClient(): boolean {
  try {
    execFileSync('python3', ['-c', 'import tritonclient.grpc'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
