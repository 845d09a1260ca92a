import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { cacheRoot, nodeModules, readText, root } from './paths.mjs';
import { SetupError } from './report.mjs';
import { has, run, tail } from './run.mjs';
import { aptInstall } from './system.mjs';

const home = path.join(nodeModules, 'better-sqlite3');
const built = path.join(home, 'build', 'Release', 'better_sqlite3.node');
const question = `const D=require('better-sqlite3');const d=new D(':memory:');console.log('sqlite '+d.prepare('select sqlite_version() v').get().v);d.close()`;

/**
 * Makes better-sqlite3 load in this Node, and in the Electron runtime when its executable is given. Asked in a child
 * process, because a binary that does not fit ends the process without a word.
 */
export async function ensureSqlite(note, electron) {
  const { version } = JSON.parse(readText(path.join(home, 'package.json')));
  const major = process.versions.node.split('.')[0];
  const cached = path.join(
    cacheRoot,
    'sqlite',
    `${version}-${process.platform}-${process.arch}-node${major}.node`,
  );
  if (await loads(electron)) {
    if (existsSync(built) && !existsSync(cached)) install(built, cached);
    return { text: 'better-sqlite3 loads' };
  }

  if (existsSync(cached)) {
    install(cached, built);
    if (await loads(electron)) return { text: 'better-sqlite3 taken from the cache' };
  }

  note('building better-sqlite3, about two minutes …');
  await ensureCompiler(note);
  const result = await rebuild();
  if (result.code !== 0) {
    throw new SetupError(
      'better-sqlite3 could not be built.',
      result.error?.message ?? tail(result.output),
      'Install Python 3, make and a C++ compiler (Debian, Ubuntu: `apt-get install python3 make g++`), or use Node 22.14 or newer, then run the command again.',
    );
  }
  if (!(await loads(electron))) {
    throw new SetupError(
      'better-sqlite3 was built but does not load.',
      `${process.execPath} (Node ${process.versions.node}) ends when it loads ${path.relative(root, built)}.`,
      'Delete node_modules and run the command again; if it stays, use Node 22.14 or newer.',
    );
  }
  install(built, cached);
  return { text: 'better-sqlite3 built' };
}

async function loads(electron) {
  if (!(await answers(process.execPath, process.env))) return false;
  return !electron || answers(electron, { ...process.env, ELECTRON_RUN_AS_NODE: '1' });
}

async function answers(program, env) {
  const { code, output } = await run(program, ['-e', question], { cwd: root, env });
  return code === 0 && output.includes('sqlite 3.');
}

/** The build must run in place: its recipe finds node-addon-api from the tree above. */
function rebuild() {
  const args = [
    path.join(nodeModules, 'node-gyp', 'bin', 'node-gyp.js'),
    'rebuild',
    '--release',
    '--force_build=1',
  ];
  const prefix = path.resolve(path.dirname(process.execPath), '..');
  if (existsSync(path.join(prefix, 'include', 'node', 'node_version.h'))) args.push(`--nodedir=${prefix}`);
  const CXXFLAGS = '-UNAPI_VERSION -DNAPI_EXPERIMENTAL -DNODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT';
  return run(process.execPath, args, { cwd: home, env: { ...process.env, CXXFLAGS } });
}

async function ensureCompiler(note) {
  if (process.platform !== 'linux') return;
  const missing = [];
  if (!(await has('python3'))) missing.push('python3');
  if (!(await has('make'))) missing.push('make');
  if (!(await has('g++')) && !(await has('c++'))) missing.push('g++');
  if (missing.length > 0) await aptInstall(missing, 'better-sqlite3 has to be compiled', note);
}

function install(from, to) {
  mkdirSync(path.dirname(to), { recursive: true });
  const partial = `${to}.partial-${process.pid}`;
  copyFileSync(from, partial);
  renameSync(partial, to);
}
