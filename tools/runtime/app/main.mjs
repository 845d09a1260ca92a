// Stands in for Electron's own default_app.asar, which the fallback runtime does not carry: with it, `electron <folder>`
// behaves as with a real install. It must stay an ES module whose top-level await covers the import of the app's main:
// otherwise `ready` fires before that main has run, and calls that must precede it throw.
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const nodeRequire = createRequire(import.meta.url);
const argv = process.argv.slice(1);
const preloads = [];
let target;

for (let index = 0; index < argv.length; index += 1) {
  const word = argv[index];
  if (word === '-r' || word === '--require') {
    index += 1;
    preloads.push(argv[index]);
  } else if (!word.startsWith('-')) {
    target = path.resolve(word);
    break;
  }
}

process.defaultApp = true;
for (const file of preloads) nodeRequire(path.resolve(file));

if (target === undefined) {
  console.error('electron: name the folder of the app to start.');
  app.exit(2);
} else {
  await import(pathToFileURL(mainOf(target)).href);
}

/** The file to start: the one given, or what the folder's package.json calls its main. */
function mainOf(place) {
  if (!statSync(place).isDirectory()) {
    app.setAppPath(path.dirname(place));
    return place;
  }
  const manifest = JSON.parse(readFileSync(path.join(place, 'package.json'), 'utf8'));
  app.setAppPath(place);
  app.setName(manifest.productName ?? manifest.name ?? 'Electron');
  if (manifest.version) app.setVersion(manifest.version);
  return path.join(place, manifest.main ?? 'index.js');
}
