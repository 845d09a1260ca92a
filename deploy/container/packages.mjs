// Which files of node_modules a node without a window runs on: what the built command line, its workers and its store
// import, and what those need, for this system alone.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const entries = ['cli.js', 'worker.js', 'store.js'];
/** Decoders for systems that sharp is not made for; an image is made for one that it is. */
const neverLoaded = new Set(['wasm-vips']);

/** Names of the packages that the built files reach, by their import statements. */
export function reachedPackages(built, nodeModules) {
  const seen = new Set();
  const names = new Set();
  const manifest = path.join(path.dirname(nodeModules), 'package.json');
  const dependencies = Object.keys(JSON.parse(readFileSync(manifest, 'utf8')).dependencies);
  const visit = (file) => {
    if (seen.has(file) || !existsSync(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    // Also found by resolving a name, as the pages of swagger-ui-dist are.
    for (const name of dependencies) if (new RegExp(`["'\`]${name}["'\`/]`, 'u').test(text)) names.add(name);
    for (const [, specifier] of text.matchAll(
      /(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*["']([^"'\s]+)["']/gu,
    )) {
      if (specifier.startsWith('.')) visit(path.resolve(path.dirname(file), specifier));
      else if (!specifier.startsWith('node:')) names.add(packageOf(specifier));
    }
  };
  // Processes that are started by path are entries too, whatever they are called.
  for (const name of readdirSync(built))
    if (name.endsWith('.js') && name !== 'index.js') visit(path.join(built, name));
  for (const name of entries)
    if (!seen.has(path.join(built, name))) throw new Error(`${built} has no ${name}; build first.`);
  return [...names].filter((name) => existsSync(path.join(nodeModules, name, 'package.json')));
}

/** Folders below node_modules, each with the version that its user finds, without what this system does not need. */
export function closure(names, nodeModules) {
  const folders = new Set();
  const visit = (name, from) => {
    if (neverLoaded.has(name)) return;
    const folder = find(name, from, nodeModules);
    if (!folder || folders.has(folder)) return;
    folders.add(folder);
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
      readFileSync(path.join(folder, 'package.json'), 'utf8'),
    );
    for (const below of Object.keys({ ...dependencies, ...optionalDependencies })) visit(below, folder);
  };
  for (const name of names) visit(name, nodeModules);
  return [...folders].sort((one, other) => (one < other ? -1 : 1));
}

/** Whether a file of a package goes along: what runs and its licence, nothing to build, read or debug with. */
export function isNeeded(place, { platform, arch, isPrebuilt }) {
  const file = place.replaceAll('\\', '/');
  if (/(?:^|\/)\.|\.(?:map|d\.[cm]?ts|ts|tsx|flow|markdown|gyp|tsbuildinfo)$/u.test(file)) return false;
  if (/\.md$/iu.test(file) && !/(?:licen[cs]e|notice)/iu.test(file)) return false;
  if (
    /(?:^|\/)(?:test|tests|__tests__|docs|example|examples|bench|benchmark|benchmarks|\.github)\//u.test(file)
  )
    return false;
  // Made for another C library.
  if (file.endsWith('.musl.node')) return false;
  if (file.startsWith('onnxruntime-node/'))
    return (
      !/^onnxruntime-node\/(?:script|__commit)/u.test(file) &&
      forSystem(file, `/${platform}/${arch}/`, /\/bin\/napi-v\d+\//u)
    );
  if (file.startsWith('better-sqlite3/'))
    return (
      // What comes with the package crashes Node 20: set-up compiles another, which is found first. The test that it
      // compiles stays behind.
      /^better-sqlite3\/(?:lib\/|package\.json|LICENSE|build\/Release\/better_sqlite3\.node$)/u.test(file) ||
      (isPrebuilt && file === `better-sqlite3/prebuilds/${platform}-${arch}.node`)
    );
  if (file.startsWith('@opentelemetry/')) return !/\/build\/(?:esm|esnext)\//u.test(file);
  if (file.startsWith('onnxruntime-common/')) return !/\/lib\//u.test(file);
  if (file.startsWith('swagger-ui-dist/')) return !/-es-bundle/u.test(file);
  return true;
}

const forSystem = (file, wanted, where) => !where.test(file) || file.includes(wanted);

const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

function find(name, from, nodeModules) {
  for (let folder = from; folder.startsWith(path.dirname(nodeModules)); folder = path.dirname(folder)) {
    const here =
      path.basename(folder) === 'node_modules'
        ? path.join(folder, name)
        : path.join(folder, 'node_modules', name);
    if (existsSync(path.join(here, 'package.json'))) return here;
  }
  return null;
}
