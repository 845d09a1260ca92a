import { execFile, execFileSync } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../fakes/engine.ts';
import { startOip } from './fixture.ts';
import type { OipServer } from './fixture.ts';

const picture = path.join(root, 'test/fixtures/photos/coffee.png');

describe('public clients, where python3 has them', () => {
  let server: OipServer;
  beforeAll(async () => {
    server = await startOip();
  });
  afterAll(() => server.close());

  it.skipIf(!has('tritonclient.http'))('tritonclient[http]', { timeout: 120_000 }, async () => {
    expect(await passed('oip_http.py', [picture])).toHaveLength(15);
  });

  it.skipIf(!has('kserve'))('the REST client of kserve', { timeout: 120_000 }, async () => {
    expect(await passed('kserve_rest.py', [picture])).toHaveLength(7);
  });

  async function passed(script: string, more: readonly string[]): Promise<readonly string[]> {
    const { stdout } = await promisify(execFile)('python3', [
      path.join(root, 'test/clients', script),
      server.url,
      ...more,
    ]);
    return stdout.match(/: ok$/gmu) ?? [];
  }
});

function has(module: string): boolean {
  try {
    execFileSync('python3', ['-c', `import ${module}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
