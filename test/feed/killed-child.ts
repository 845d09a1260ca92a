import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/*
 * Changes a feed in a process of its own that is killed before its nth step on the disk. The file system is the real
 * one: each call that changes something is only counted on its way.
 */
const [name = '', feed = '', keyFolder = '', pack = '', step = '0'] = process.argv.slice(2);
let left = Number(step);

const count = (): void => {
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
};
const real = { ...fs.promises };
Object.assign(fs.promises, {
  rename: (...args: Parameters<typeof real.rename>) => (count(), real.rename(...args)),
  rm: (...args: Parameters<typeof real.rm>) => (count(), real.rm(...args)),
  copyFile: (...args: Parameters<typeof real.copyFile>) => (count(), real.copyFile(...args)),
  open: (...args: Parameters<typeof real.open>) => {
    if (args[1] !== 'r') count();
    return real.open(...args);
  },
});
const createWriteStream = fs.createWriteStream;
fs.createWriteStream = ((...args: Parameters<typeof createWriteStream>) => (
  count(),
  createWriteStream(...args)
)) as typeof createWriteStream;
syncBuiltinESMExports();

const { addPack, loadKeys, rotate } = await import('../../main/feed/index.ts');
const passphrase = 'correct horse battery staple';
const keys = await loadKeys(keyFolder, passphrase);
if (!keys.ok) throw new Error(keys.fault.message);
const outcome =
  name === 'add'
    ? await addPack({ feed, keys: keys.value, packs: [pack], appVersion: '0.1.0' })
    : await rotate({ feed, keys: keys.value, role: 'packs', newKeys: keyFolder, passphrase });
if (!outcome.ok) throw new Error(outcome.fault.message);
