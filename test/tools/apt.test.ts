import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { aptInstall } from '../../tools/setup/system.mjs';
import { newFolder } from '../temp/folder.ts';

const usual = process.env['PATH'];
afterEach(() => (process.env['PATH'] = usual));

/** An `apt-get` that notes how it was called, and finds the lists locked as often as `busy` says. */
function standIn(busy: number): () => readonly string[] {
  const folder = newFolder('apt');
  const calls = path.join(folder, 'calls');
  const script = `#!/bin/sh
echo "$@" >> '${calls}'
case "$*" in *update*)
  if [ "$(grep -c update '${calls}')" -le ${busy} ]; then
    echo 'E: Could not get lock /var/lib/apt/lists/lock. It is held by process 1 (apt-get)' >&2
    exit 100
  fi
esac
`;
  for (const [name, text] of [
    ['apt-get', script],
    ['apt-cache', '#!/bin/sh\nexit 1\n'],
  ] as const) {
    writeFileSync(path.join(folder, name), text);
    chmodSync(path.join(folder, name), 0o755);
  }
  process.env['PATH'] = `${folder}:${usual}`;
  return () => readFileSync(calls, 'utf8').trimEnd().split('\n');
}

// Anyone else is asked for by `sudo`.
const canInstall = process.platform === 'linux' && process.getuid?.() === 0;

it.runIf(canInstall)('packages are installed when whoever holds the locks is done', async () => {
  const called = standIn(1);
  const notes: string[] = [];
  await aptInstall(['xvfb'], 'a test wants it', (note: string) => notes.push(note));
  expect(notes).toContain('waiting for another apt-get to finish …');
  expect(called()).toEqual([
    '-o DPkg::Lock::Timeout=600 update -q',
    '-o DPkg::Lock::Timeout=600 update -q',
    '-o DPkg::Lock::Timeout=600 install -y -q --no-install-recommends xvfb',
  ]);
});
