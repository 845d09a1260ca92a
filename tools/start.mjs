// `npm start`: makes the checkout ready, builds, and opens the window. Without a display it does the main job in the
// terminal instead.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureReady, runTool } from './setup/index.mjs';
import { root } from './setup/paths.mjs';

const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

await runTool(async () => {
  const { runtime } = await ensureReady({ electron: hasDisplay, display: 'own' });
  const begun = performance.now();
  const built = await ensureBuilt({ log: console.log });
  if (built) console.log(`  build      done (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  return hasDisplay ? openWindow(runtime) : showInTerminal();
});

function openWindow({ executable }) {
  // Chromium refuses to start as root with its sandbox on.
  const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return ended(
    spawn(executable, [...flags, root, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' }),
  );
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
