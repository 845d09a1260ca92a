import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fingerprint, nodeModules, readText, root } from './paths.mjs';
import { SetupError } from './report.mjs';
import { run, tail } from './run.mjs';

const lockFile = path.join(root, 'package-lock.json');
const stampFile = path.join(nodeModules, '.outpost-packages');

/** Puts the packages of package-lock.json into node_modules, when they are not there yet. */
export async function ensurePackages(note) {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const asked = JSON.stringify([dependencies, devDependencies]);
  const wanted = fingerprint([lockFile], asked, process.platform, process.arch);
  if (readText(stampFile) === wanted) return { text: 'packages are there' };

  note('installing the packages of package-lock.json …');
  // Not `npm ci`: it refuses a lock that lacks other systems' binaries. `--no-save` leaves the lock as it is.
  const before = existsSync(lockFile) ? readFileSync(lockFile) : undefined;
  const result = await runNpm(['install', '--no-save', '--no-audit', '--no-fund'], root);
  if (before && !before.equals(readFileSync(lockFile))) writeFileSync(lockFile, before);
  if (result.code !== 0) {
    throw new SetupError(
      'The npm packages could not be installed.',
      result.error?.message ?? tail(result.output),
      'Check the network or the npm registry, then run the command again; `npm install --no-save` shows everything npm says.',
    );
  }
  writeFileSync(stampFile, wanted);
  return { text: 'packages installed' };
}

/** Runs the npm that started this program, or else the one on the PATH. */
export function runNpm(args, cwd) {
  const { npm_execpath: cli, ...env } = process.env;
  // `npm test` sets npm_* variables, which the npm started here would read as settings.
  for (const name of Object.keys(env)) if (/^npm_(lifecycle|package)_/.test(name)) delete env[name];
  if (cli && /npm-cli\.c?js$/.test(cli)) return run(process.execPath, [cli, ...args], { cwd, env });
  return run('npm', args, { cwd, env, shell: process.platform === 'win32' });
}
