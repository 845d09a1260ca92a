import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { outpost } from './cli-process.ts';
import { newFolder } from '../temp/folder.ts';

const place = newFolder('special');

it.skipIf(process.platform === 'win32').each(['pack.outpack', 'models.outpost', 'pack', 'model.onnx'])(
  'a FIFO named %s is refused at once, and nobody waits for a writer',
  async (name) => {
    const fifo = path.join(place, name);
    execFileSync('mkfifo', [fifo]);
    const commands = [
      ['models', 'install', fifo],
      ['pack', 'verify', fifo],
      ['pack', 'inspect', fifo],
    ];
    for (const command of commands) {
      const ended = await Promise.race([
        outpost([...command, '--data', path.join(place, 'data')]),
        new Promise<null>((resolve) => setTimeout(() => resolve(null), 20_000)),
      ]);
      // Lets a reader that waits go on, so that no process is left.
      if (ended === null) execFileSync('sh', ['-c', 'exec 3<>"$0"; sleep 0.2', fifo]);
      expect(ended, command.join(' ')).not.toBeNull();
      expect(ended?.code).not.toBe(0);
      expect(ended?.error).not.toContain('    at ');
    }
  },
);
