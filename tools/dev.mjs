// `npm run dev`: the window with hot reload.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureReady, runTool } from './setup/index.mjs';
import { nodeModules, root } from './setup/paths.mjs';

await runTool(async () => {
  await ensureReady({ display: 'own' });
  const flags = process.getuid?.() === 0 ? ['--noSandbox'] : [];
  const electronVite = path.join(nodeModules, 'electron-vite', 'bin', 'electron-vite.js');
  const child = spawn(process.execPath, [electronVite, 'dev', '--watch', ...flags], {
    cwd: root,
    stdio: 'inherit',
  });
  return new Promise((resolve) => {
    child.on('close', (code) => resolve(code ?? 1));
  });
});
