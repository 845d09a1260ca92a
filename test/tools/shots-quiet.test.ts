import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { waitForQuiet } from '../../tools/shots/quiet.mjs';
import { newFolder } from '../temp/folder.ts';

it.skipIf(process.platform !== 'linux')(
  'a busy machine is no place for pictures, and the process is named',
  async () => {
    const folder = newFolder('quiet');
    const file = path.join(folder, 'busy.cjs');
    writeFileSync(file, "process.title = 'busybody'; process.send('on'); for (;;) {}");
    const busy = fork(file);
    try {
      await once(busy, 'message');
      const reported: string[] = [];
      const waited = waitForQuiet({ log: (text: string) => reported.push(text), patience: 4000 });
      await expect(waited).rejects.toThrow(
        /The machine is not quiet: others work \d+\.\d cores here, most of all .+ \(\d+\)\. End that/u,
      );
      expect(reported).toHaveLength(1);
    } finally {
      busy.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    }
  },
  30_000,
);
