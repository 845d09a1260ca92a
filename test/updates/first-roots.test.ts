import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('the roots that are compiled in are those that lie in trust/', () => {
  const script = join(import.meta.dirname, '../../tools/trust/write-first-roots.mjs');
  expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
});
