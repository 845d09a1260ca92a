import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { nodeModules, root } from '../setup/paths.mjs';
import { run } from '../setup/run.mjs';
import { openTemp, reportsSince } from './leftovers.mjs';

const linux = process.platform === 'linux';

/**
 * Prepares a place to run the window tests in as a person would: not as root, with Chromium's sandbox on where this
 * machine allows it, on screens of their own. `{ sandbox, who, part, left, dispose, start }`, where
 * `start(args, options)` runs Node with these arguments as that user with `options.screens` virtual screens, one where
 * that is absent, `part(n)` gives a part of the tests its places for results, and `left(since)` lists what they left
 * behind.
 */
export async function windowPlace(runtime) {
  const temp = mkdtempSync(path.join(os.tmpdir(), 'outpost-window-'));
  chmodSync(temp, 0o755);
  const user = process.getuid?.() === 0 ? unprivilegedUser() : undefined;
  const home = path.join(temp, 'home');
  mkdirSync(home, { mode: 0o700 });
  if (user) chownSync(home, user.uid, user.gid);
  const forFiles = openTemp({ parent: temp, user, kills: true });

  const dist = runtime.dist ?? path.join(nodeModules, 'electron', 'dist');
  const place = { cwd: root, dist, node: process.execPath };
  if (user && !(await canRead(user, path.dirname(place.node), path.basename(place.node)))) {
    place.node = path.join(temp, 'node');
    cpSync(process.execPath, place.node);
    chmodSync(place.node, 0o755);
  }
  if (user && !(await canRead(user, dist, path.basename(runtime.executable)))) {
    place.dist = await copyReadable(dist, path.join(temp, 'electron'));
    allowSandbox(place.dist);
  }
  if (user && !(await canRead(user, root, 'package.json')))
    place.cwd = await copyReadable(root, path.join(temp, 'checkout'));

  const env = {
    ...personalEnvironment(home, user),
    ...forFiles.env,
    ELECTRON_OVERRIDE_DIST_PATH: place.dist,
    PWTEST_CACHE_DIR: path.join(home, 'transforms'),
  };
  const start = (program, args, options = {}) => {
    const { screens = 1, ...rest } = options;
    const line = linux ? onScreens(screens, [program, ...args]) : [program, ...args];
    return run(line[0], line.slice(1), {
      ...rest,
      cwd: place.cwd,
      env: { ...env, ...options.env },
      ...user,
    });
  };
  const executable = path.join(place.dist, path.basename(runtime.executable));
  const sandbox = await sandboxWorks(start, executable, place.cwd);
  return {
    part: (number) => {
      const resultsFile = path.join(home, `window-${number}.json`);
      const OUTPOST_TEST_RESULTS = path.join(home, `results-${number}`);
      return { resultsFile, env: { PLAYWRIGHT_JSON_OUTPUT_NAME: resultsFile, OUTPOST_TEST_RESULTS } };
    },
    sandbox,
    who: user ? 'nobody' : os.userInfo().username,
    start: (args, options = {}) =>
      start(place.node, args, {
        ...options,
        env: { ...options.env, OUTPOST_TEST_SANDBOX: sandbox ? '1' : '0' },
      }),
    left: async (sinceMs) => [
      ...(await forFiles.left()).filter((name) => !ofOthers.test(name)),
      ...reportsSince(sinceMs, user && path.join(home, '.cache')),
    ],
    dispose: () => rmSync(temp, { recursive: true, force: true }),
  };
}

/**
 * A command with so many virtual screens, the last of which is its display. All of them stand in `OUTPOST_TEST_SCREENS`,
 * each as the display and its file of credentials (xvfb-run makes one for each), with spaces between.
 */
function onScreens(count, command) {
  const adds = 'export OUTPOST_TEST_SCREENS="$OUTPOST_TEST_SCREENS $DISPLAY=$XAUTHORITY"; exec "$@"';
  const screen = ['xvfb-run', '-a', '-s', '-screen 0 1920x1200x24', 'sh', '-c', adds, 'sh'];
  return [...Array.from({ length: count }, () => screen).flat(), ...command];
}

/** Not ours: Playwright leaves the artifacts folder of the last window of each process, a killed Chromium its lock and a folder. */
const ofOthers = /^(?:playwright-artifacts-|\.org\.chromium\.Chromium\.|scoped_dir)/u;

/** The unprivileged user that every Linux has. */
function unprivilegedUser() {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'));
  const [, , uid, gid] = (line ?? 'nobody:x:65534:65534').split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

function personalEnvironment(home, user) {
  const env = { ...process.env, CI: process.env.CI ?? '' };
  if (!user) return env;
  for (const name of Object.keys(env)) if (/^(npm_|XDG_|DBUS_|SUDO_)/.test(name)) delete env[name];
  return { ...env, HOME: home, USER: 'nobody', LOGNAME: 'nobody' };
}

async function canRead(user, folder, file) {
  const script = `test -x "$1" && test -r "$1/$2" && ls "$1" > /dev/null`;
  return (await run('/bin/sh', ['-c', script, 'sh', folder, file], { cwd: '/', ...user })).code === 0;
}

/** A copy that anyone may read, without history. */
async function copyReadable(from, to) {
  mkdirSync(to, { mode: 0o755 });
  const entries = readdirSync(from).filter((name) => name !== '.git');
  const copied = await run('cp', ['-a', ...entries.map((name) => path.join(from, name)), to]);
  const opened = await run('chmod', ['-R', 'a+rX', to]);
  if (copied.code !== 0 || opened.code !== 0)
    throw new Error(`${from} could not be copied: ${copied.output}${opened.output}`);
  return to;
}

/** Where user namespaces are forbidden, Chromium's sandbox needs its helper to belong to root and to be set-uid. */
function allowSandbox(dist) {
  const helper = path.join(dist, 'chrome-sandbox');
  if (!existsSync(helper)) return;
  chownSync(helper, 0, 0);
  chmodSync(helper, 0o4755);
}

/** Opens one sandboxed window with the sandbox on: the only answer that can be trusted. */
async function sandboxWorks(start, executable, checkout) {
  if (!linux) return true;
  const probe = path.join(checkout, 'tools', 'checks', 'sandbox-probe');
  const { code, output } = await start('timeout', ['30', executable, probe]);
  return code === 0 && output.includes('sandboxed window loaded');
}
