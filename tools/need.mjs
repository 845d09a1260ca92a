// Programs that tests of other parts need: taken from the system, or installed from Debian's archive where that may be.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { aptWaits } from './setup/system.mjs';

/** Debian's package for a program, where it is called otherwise. */
const packageOf = { nginx: 'nginx-light' };

/** The path of the program; installs its package as root when it is missing, otherwise throws with the reason. */
export function need(program) {
  const found = onPath(program);
  if (found) return found;
  const name = packageOf[program] ?? program;
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !onPath('apt-get'))
    throw new Error(`${program} is not installed, and only root on Debian could install ${name} here.`);
  // The service that the package would start is not wanted here.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const install = () =>
    spawnSync('apt-get', [...aptWaits, 'install', '-y', '--no-install-recommends', name], { env });
  if (install().status !== 0) {
    spawnSync('apt-get', [...aptWaits, 'update'], { env });
    const { status, stderr } = install();
    if (status !== 0)
      throw new Error(`${name} could not be installed: ${stderr.toString().trim().split('\n').at(-1)}`);
  }
  const installed = onPath(program);
  if (!installed) throw new Error(`${name} was installed, and ${program} is still not on the PATH.`);
  return installed;
}

function onPath(program) {
  for (const folder of [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/sbin']) {
    if (folder === '') continue;
    const file = path.join(folder, program);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      continue;
    }
  }
  return null;
}

/** As `need`, for a test that says why it was left out: `{ path }`, or `{ reason }`. */
export function find(program) {
  try {
    return { path: need(program) };
  } catch (error) {
    return { reason: error.message };
  }
}
