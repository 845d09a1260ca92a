import { spawn } from 'node:child_process';
import path from 'node:path';
import { root } from '../setup/paths.mjs';
import { withFolder } from './places.mjs';
import { benchPhotos } from './photos.mjs';
import { atMost, median } from './rows.mjs';

/** From starting the command line to its first answer on standard output, nothing of it from the store. */
export function measureLaunch({ isQuick, log }) {
  return withFolder(async (folder) => {
    const [photo] = await benchPhotos(1, log);
    const first = [];
    const later = [];
    for (let turn = 0; turn < (isQuick ? 2 : 5); turn += 1) {
      const data = path.join(folder, `data-${turn}`);
      first.push(await firstResult(['predict', photo, '--data', data]));
      later.push(await firstResult(['predict', photo, '--data', data, '--no-cache']));
    }
    log(
      `  first launch ${first.map((s) => s.toFixed(2)).join(', ')} s, later ${later.map((s) => s.toFixed(2)).join(', ')} s`,
    );
    return [
      atMost('first answer of the command line, first launch ever, p50', median(first), {
        bar: 2.5,
        unit: 's',
      }),
      atMost('first answer of the command line, later launches, p50', median(later), { bar: 2.5, unit: 's' }),
    ];
  });
}

function firstResult(args) {
  const begun = performance.now();
  const child = spawn(process.execPath, [path.join(root, 'tools', 'outpost.mjs'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let answeredAt;
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  child.stdout.on('data', () => (answeredAt ??= performance.now()));
  return new Promise((resolve, reject) => {
    child.on('close', (code) =>
      code === 0 && answeredAt
        ? resolve((answeredAt - begun) / 1000)
        : reject(new Error(`outpost ended with ${code}: ${stderr}`)),
    );
    child.on('error', reject);
  });
}
