// A publisher for the pictures: a feed in a folder with a newer version of the classifier, and the same in a bundle.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup/paths.mjs';

const note = 'Fewer mistakes on clocks and rockets. Cats are told apart anew.';
/** Labels that change places: some answers get better by it, some worse. */
const swaps = [
  ['tiger cat', 'lynx'],
  ['missile', 'projectile'],
  ['bubble', 'wall clock'],
  ['maze', 'window screen'],
];

export function openOffice(folder) {
  const at = (...parts) => path.join(folder, ...parts);
  mkdirSync(folder, { recursive: true });
  writeFileSync(at('passphrase'), 'a long walk in the northern woods\n');
  const sign = ['--keys', at('keys'), '--passphrase-file', at('passphrase')];
  outpost('feed', 'init', at('feed'), '--publisher', 'Northfield Forest Office', ...sign);
  writeVersion(at('pack'), '1.1.0');
  outpost('feed', 'add', at('feed'), at('pack'), '--note', note, ...sign);
  outpost('feed', 'bundle', at('feed'), '-o', at('RANGER-3.outpost'));
  return { feed: at('feed'), bundle: at('RANGER-3.outpost'), root: at('feed', 'metadata', '1.root.json') };
}

function outpost(...args) {
  execFileSync(process.execPath, [path.join(root, 'tools', 'outpost.mjs'), ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function writeVersion(folder, version) {
  cpSync(path.join(root, 'models', 'efficientnet-lite0'), folder, { recursive: true });
  const labels = path.join(folder, 'labels.json');
  const text = swaps.reduce(swap, readFileSync(labels, 'utf8'));
  writeFileSync(labels, text);
  const place = path.join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(place, 'utf8'));
  const listed = manifest.files.find((file) => file.path === 'labels.json');
  listed.size = Buffer.byteLength(text);
  listed.sha256 = createHash('sha256').update(text).digest('hex');
  writeFileSync(place, `${JSON.stringify({ ...manifest, version }, null, 2)}\n`);
}

function swap(text, [one, other]) {
  const placeOf = (name) => new RegExp(`"id": "\\w+", "name": "${name}"`).exec(text)[0];
  const [first, second] = [placeOf(one), placeOf(other)];
  return text.replace(first, '?').replace(second, first).replace('?', second);
}
