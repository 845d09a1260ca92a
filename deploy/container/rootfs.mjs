// `node deploy/container/rootfs.mjs FOLDER`: the whole file system of the image: Node, the libraries that it and the
// native parts are linked with, Outpost without its window, the models. No shell, no package manager, nothing to build
// with. Dockerfile and build.mjs both call this, so that both give the same tree.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { closure, isNeeded, reachedPackages } from './packages.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '..', '..');
/** Nobody's number on the host. */
export const uid = 10001;

/** Fills an empty folder. Returns what was put in, in bytes, by part. */
export function makeRootfs(folder) {
  if (process.platform !== 'linux')
    throw new Error('The image is made on Linux: its libraries are those of this system.');
  rmSync(folder, { recursive: true, force: true });
  const home = path.join(folder, 'opt', 'outpost');
  mkdirSync(home, { recursive: true });
  const node = path.join(folder, 'usr', 'bin', 'node');
  copy(realpathSync(process.execPath), node);
  for (const name of ['package.json', 'LICENSE', 'NOTICE'])
    copy(path.join(root, name), path.join(home, name));
  for (const name of ['outpost.mjs', 'healthcheck.mjs']) copy(path.join(here, name), path.join(home, name));
  cpSync(path.join(root, 'out', 'main'), path.join(home, 'out', 'main'), {
    recursive: true,
    // index.js is the window's.
    filter: (file) => !file.endsWith('.map') && path.basename(file) !== 'index.js',
  });
  cpSync(path.join(root, 'models'), path.join(home, 'models'), { recursive: true });
  copyPackages(home);
  copyLibraries(folder, [node, ...nativeFiles(home)]);
  writeSystem(folder);
  return sizes(folder);
}

function copyPackages(home) {
  const nodeModules = path.join(root, 'node_modules');
  const compiled = path.join(nodeModules, 'better-sqlite3', 'build', 'Release', 'better_sqlite3.node');
  const system = { platform: process.platform, arch: process.arch, isPrebuilt: !existsSync(compiled) };
  for (const from of closure(reachedPackages(path.join(root, 'out', 'main'), nodeModules), nodeModules)) {
    const place = path.relative(nodeModules, from);
    for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
      const file = path.relative(from, path.join(entry.parentPath, entry.name));
      // A package inside another one is in the closure by itself, where it is needed.
      if (!entry.isFile() || file.split(path.sep).includes('node_modules')) continue;
      const name = place.split(`node_modules${path.sep}`).at(-1);
      if (isNeeded(path.join(name, file), system))
        copy(path.join(from, file), path.join(home, 'node_modules', place, file));
    }
  }
}

const nativeFiles = (home) =>
  readdirSync(path.join(home, 'node_modules'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.node$|\.so(?:\.|$)/u.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));

/** What the loader names, at the very place where it looks; a library of a package's own is there already. */
function copyLibraries(folder, files) {
  const found = new Set();
  for (const file of files) {
    const listed = execFileSync('ldd', [file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    for (const [, library] of listed.matchAll(/(?:=> |^\s+)(\/\S+) \(0x/gmu))
      if (!library.startsWith(folder)) found.add(library);
  }
  for (const library of found) copy(realpathSync(library), path.join(folder, library));
}

/** Names for the numbers, names for loopback, and the two folders that may be written to. */
function writeSystem(folder) {
  const files = {
    'etc/passwd': `root:x:0:0:root:/:/nowhere\noutpost:x:${uid}:${uid}:Outpost:/data:/nowhere\n`,
    'etc/group': `root:x:0:\noutpost:x:${uid}:\n`,
    'etc/hosts': '127.0.0.1 localhost\n::1 localhost\n',
    'etc/nsswitch.conf': 'hosts: files dns\n',
    'etc/os-release': 'ID=outpost\nNAME=Outpost\nPRETTY_NAME="Outpost, without a system around it"\n',
  };
  for (const [place, text] of Object.entries(files)) {
    mkdirSync(path.join(folder, path.dirname(place)), { recursive: true });
    writeFileSync(path.join(folder, place), text);
  }
  for (const place of ['data', 'tmp', 'mnt/models', 'run/secrets', 'proc', 'dev', 'sys'])
    mkdirSync(path.join(folder, place), { recursive: true });
  for (const place of ['data', 'tmp']) chmodSync(path.join(folder, place), 0o1777);
}

function copy(from, to) {
  mkdirSync(path.dirname(to), { recursive: true });
  cpSync(from, to, { dereference: true });
}

export const describe = (parts) =>
  Object.entries({ ...parts, all: Object.values(parts).reduce((sum, each) => sum + each, 0) })
    .map(([name, bytes]) => `${name} ${(bytes / 1024 ** 2).toFixed(1)} MiB`)
    .join(', ');

/** Bytes by part: Node, its libraries, packages, models, Outpost's own. */
function sizes(folder) {
  const parts = { node: 0, libraries: 0, packages: 0, models: 0, outpost: 0 };
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const place = path.relative(folder, file);
    const part = place.startsWith('usr/bin')
      ? 'node'
      : place.startsWith('opt/outpost/node_modules')
        ? 'packages'
        : place.startsWith('opt/outpost/models')
          ? 'models'
          : place.startsWith('opt')
            ? 'outpost'
            : 'libraries';
    parts[part] += statSync(file).size;
  }
  return parts;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder] = process.argv.slice(2);
  if (!folder) throw new Error('Say where: node deploy/container/rootfs.mjs FOLDER');
  console.log(describe(makeRootfs(path.resolve(folder))));
}
