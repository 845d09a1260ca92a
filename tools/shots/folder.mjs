import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup/paths.mjs';

/** A folder as a card would bring it: 240 photos, four that cannot be read, and one with a very long name. */
export async function makeFolder(folder) {
  const fixtures = path.join(root, 'test', 'fixtures');
  const photos = readdirSync(path.join(fixtures, 'photos')).filter((name) => /[.](?:png|jpg)$/u.test(name));
  mkdirSync(folder, { recursive: true });
  for (let index = 0; index < 240; index += 1) {
    const name = photos[index % photos.length];
    const number = String(index + 1).padStart(4, '0');
    cpSync(
      path.join(fixtures, 'photos', name),
      path.join(folder, `RCNX${number}${path.extname(name).toUpperCase()}`),
    );
  }
  cpSync(
    path.join(fixtures, 'photos', 'chelsea.png'),
    path.join(folder, `RCNX0000 ${'a very long name '.repeat(8)}.png`),
  );
  for (const name of readdirSync(path.join(fixtures, 'bad')))
    cpSync(path.join(fixtures, 'bad', name), path.join(folder, `RCNX0007 ${name}`));
  return folder;
}
