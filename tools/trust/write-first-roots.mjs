// Writes main/updates/first-roots.ts from trust/*.root.json; with --check compares and exits 1 when they differ.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { settle } from '../packs/pack.mjs';
import { root } from '../setup/paths.mjs';

const folder = path.join(root, 'trust');
const roots = readdirSync(folder)
  .filter((name) => name.endsWith('.root.json'))
  .sort()
  .map((name) => readFileSync(path.join(folder, name), 'utf8'));
for (const text of roots) {
  const { signed } = JSON.parse(text);
  if (signed?._type !== 'root' || signed.version !== 1)
    throw new Error('trust/ holds a file that is no first root');
}
const list = roots.map((text) => `  ${JSON.stringify(text)},\n`).join('');
settle([
  [
    path.join(root, 'main', 'updates', 'first-roots.ts'),
    `/** Root metadata that is trusted from the start, written by tools/trust/write-first-roots.mjs from trust/. */\nexport const firstRoots: readonly string[] = [${list ? `\n${list}` : ''}];\n`,
  ],
]);
