// `npm start`: makes the checkout ready, builds, and opens the window. Without a display it does the main job in the
// terminal instead.
import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureReady, runTool } from './setup/index.mjs';
import { root } from './setup/paths.mjs';
import { run } from './setup/run.mjs';

const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

await runTool(async () => {
  const { runtime } = await ensureReady({ electron: hasDisplay, display: 'own' });
  const begun = performance.now();
  const built = await ensureBuilt({ log: console.log });
  if (built) console.log(`  build      done (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  return hasDisplay ? openWindow(runtime) : showInTerminal();
});

async function openWindow({ executable }) {
  const flags = (await sandboxAllowed(executable)) ? [] : ['--no-sandbox'];
  const child = spawn(executable, [...flags, root, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  });
  return ended(child);
}

/** Chromium's sandbox needs user namespaces or a set-uid helper, and refuses to start as root: it would abort at once. */
async function sandboxAllowed(executable) {
  if (process.platform !== 'linux') return true;
  if (process.getuid() === 0) return false;
  const helper = statSync(path.join(path.dirname(executable), 'chrome-sandbox'), { throwIfNoEntry: false });
  if (helper?.uid === 0 && (helper.mode & 0o4000) !== 0) return true;
  if ((await run('unshare', ['--user', '--map-root-user', 'true'])).code === 0) return true;
  console.log('This system forbids user namespaces, so Chromium starts without its sandbox.');
  return false;
}

async function showInTerminal() {
  console.log(
    '\nThere is no display here, so no window can open. The starter model on its sample photos, in the terminal:\n',
  );
  const samples = path.join('models', 'efficientnet-lite0', 'samples');
  const cli = path.join(root, 'tools', 'outpost.mjs');
  const code = await ended(
    spawn(process.execPath, [cli, 'predict', samples, '--format', 'table'], { cwd: root, stdio: 'inherit' }),
  );
  console.log('\nEverything the command line can do: npx outpost --help');
  return code;
}

function ended(child) {
  const pass = (signal) => child.kill(signal);
  process.on('SIGINT', pass);
  process.on('SIGTERM', pass);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}
