// Writes main/app/licences.json: name, version and licence of everything that an installed Outpost holds. Run it after a
// change of packages or packs.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const read = (...parts) => JSON.parse(readFileSync(path.join(root, ...parts), 'utf8'));

/** Development packages that the build puts into the page: whatever renderer/ imports. */
export function bundledPackages() {
  const { devDependencies } = read('package.json');
  const used = new Set();
  for (const file of sources(path.join(root, 'renderer'))) {
    const text = readFileSync(file, 'utf8');
    for (const [, name] of text.matchAll(/(?:from|import|@import)\s*\(?['"]((?:@[\w-]+\/)?[\w.-]+)/g))
      used.add(name);
  }
  return Object.keys(devDependencies)
    .filter((name) => used.has(name))
    .sort();
}

export function everyLicence() {
  const { dependencies } = read('package.json');
  const found = new Map();
  const waiting = [...Object.keys(dependencies), ...bundledPackages()].map((name) => [name, root]);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [name, from] = next;
    const folder = installed(name, from);
    if (!folder) continue;
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const key = `${manifest.name}@${manifest.version}`;
    if (found.has(key)) continue;
    found.set(key, { name: manifest.name, version: manifest.version, licence: licenceOf(manifest) });
    const needed = { ...manifest.dependencies, ...manifest.optionalDependencies };
    for (const peer of Object.keys(manifest.peerDependencies ?? {}))
      if (!manifest.peerDependenciesMeta?.[peer]?.optional) needed[peer] = '*';
    for (const dependency of Object.keys(needed))
      if (!isTypes(dependency)) waiting.push([dependency, folder]);
  }
  return [...runtimes(), ...packs(), ...found.values()].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
  );
}

const isTypes = (name) => name.startsWith('@types/');

/** What no package.json of this checkout describes from within. */
function runtimes() {
  const electron = read('node_modules', 'electron', 'package.json');
  return [
    { name: 'Electron', version: electron.version, licence: 'MIT' },
    { name: 'Chromium', version: `with Electron ${electron.version}`, licence: 'BSD-3-Clause and others' },
    { name: 'Node.js', version: `with Electron ${electron.version}`, licence: 'MIT' },
  ];
}

function packs() {
  const folders = readdirSync(path.join(root, 'models')).sort();
  return folders
    .filter((name) => existsSync(path.join(root, 'models', name, 'manifest.json')))
    .map((name) => read('models', name, 'manifest.json'))
    .map(({ title, version, licence }) => ({ name: `${title} (model)`, version, licence }));
}

/** The folder from which `from` would load the package; null for one that belongs to another system. */
function installed(name, from) {
  for (let folder = from; folder.startsWith(root); folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', name);
    if (existsSync(path.join(candidate, 'package.json'))) return candidate;
  }
  return null;
}

function licenceOf({ license, licenses }) {
  if (typeof license === 'string') return license;
  const named = license ? [license] : (licenses ?? []);
  return named.map(({ type }) => type).join(' OR ') || 'see package';
}

function sources(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|css)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = path.join(root, 'main', 'app', 'licences.json');
  const licences = everyLicence();
  writeFileSync(file, `${JSON.stringify(licences, null, 2)}\n`);
  console.log(`${licences.length} entries in ${path.relative(root, file)}`);
}
