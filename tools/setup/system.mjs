import { SetupError } from './report.mjs';
import { has, run, tail } from './run.mjs';

/** The Debian and Ubuntu packages that hold the libraries an Electron executable is linked with. */
const electronPackages = [
  'libgtk-3-0',
  'libnss3',
  'libnspr4',
  'libgbm1',
  'libasound2',
  'libatk1.0-0',
  'libatk-bridge2.0-0',
  'libcups2',
  'libdrm2',
  'libxcomposite1',
  'libxdamage1',
  'libxfixes3',
  'libxrandr2',
  'libxkbcommon0',
  'libpango-1.0-0',
  'libcairo2',
  'libdbus-1-3',
  'libx11-6',
  'libxcb1',
  'libxext6',
];

/** Installs the system libraries that `executable` lacks, and a virtual screen when one is wanted. Linux only. */
export async function ensureSystem(note, { executable, virtualScreen }) {
  if (process.platform !== 'linux') return { text: 'nothing to check on this system' };
  const lacking = executable ? await missingLibraries(executable) : [];
  const wanted = lacking.length > 0 ? [...electronPackages] : [];
  if (virtualScreen && !(await has('Xvfb'))) wanted.push('xvfb');
  if (virtualScreen && !(await has('xauth'))) wanted.push('xauth');
  if (wanted.length === 0) return { text: 'system libraries are there' };

  const reason =
    lacking.length > 0 ? `Electron needs ${lacking.join(', ')}` : 'the window tests need a virtual screen';
  await aptInstall(wanted, reason, note);
  const still = executable ? await missingLibraries(executable) : [];
  if (still.length > 0) {
    throw new SetupError(
      'System libraries that Electron needs are still missing.',
      `not found after apt-get: ${still.join(', ')}`,
      'Install the packages of this system that hold them, then run the command again.',
    );
  }
  return {
    text: `system packages installed: ${lacking.length > 0 ? 'libraries for Electron' : wanted.join(' ')}`,
  };
}

async function missingLibraries(executable) {
  const { output } = await run('ldd', [executable]);
  return output
    .split('\n')
    .filter((line) => line.includes('not found'))
    .map((line) => line.trim().split(' ')[0]);
}

/** Installs packages by apt-get where it may (root, or sudo without a password); else says what to type. */
export async function aptInstall(packages, reason, note) {
  const typed = `sudo apt-get install -y ${packages.join(' ')}`;
  if (!(await has('apt-get'))) {
    throw new SetupError(
      'System packages are missing.',
      `${reason}, and this system has no apt-get.`,
      `Install what Debian calls: ${packages.join(' ')}`,
    );
  }
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (prefix.length > 0 && (await run('sudo', ['-n', 'true'])).code !== 0) {
    throw new SetupError(
      'System packages are missing.',
      `${reason}, and this user may not install them.`,
      `Type: ${typed}`,
    );
  }
  note(`installing system packages by apt-get (${reason}) …`);
  const apt = (...args) => {
    const [program, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    return run(program, rest);
  };
  await afterOthers(() => apt(...aptWaits, 'update', '-q'), note);
  const names = await named(packages);
  const result = await apt(...aptWaits, 'install', '-y', '-q', '--no-install-recommends', ...names);
  if (result.code !== 0) {
    throw new SetupError(
      'System packages could not be installed.',
      result.error?.message ?? tail(result.output),
      `Type: ${typed}`,
    );
  }
}

/** Another program may be installing: dpkg's lock is waited for, in seconds. */
export const aptWaits = ['-o', 'DPkg::Lock::Timeout=600'];

/** That option does not cover the lock on the package lists: retries while it is held, for the same time. */
async function afterOthers(update, note, { limitMs = 600_000, pauseMs = 1_000 } = {}) {
  const limit = Date.now() + limitMs;
  for (let tries = 0; ; tries += 1) {
    const result = await update();
    const isLocked = result.code !== 0 && /Could not get lock|Unable to lock/u.test(result.output);
    if (!isLocked || Date.now() > limit) return result;
    if (tries === 0) note('waiting for another apt-get to finish …');
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Newer releases call some libraries by another name (libasound2t64): take the name that this one knows. */
async function named(packages) {
  const names = [];
  for (const name of packages) {
    const newer = await run('apt-cache', ['show', `${name}t64`]);
    names.push(newer.code === 0 && newer.output.includes('Package:') ? `${name}t64` : name);
  }
  return names;
}
