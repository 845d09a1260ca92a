#!/usr/bin/env node
// `npx outpost` in a checkout: makes sure that the build is there and current, then hands over to the command line.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { nodeModules, root } from './setup/paths.mjs';

const writeLine = (line) => process.stderr.write(`${line}\n`);

try {
  if (!existsSync(path.join(nodeModules, '.outpost-packages'))) {
    const { ensureReady } = await import('./setup/index.mjs');
    await ensureReady({ electron: false, log: writeLine });
  }
  await ensureBuilt({ log: writeLine });
  const { main } = await import(pathToFileURL(path.join(root, 'out', 'main', 'cli.js')).href);
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const expected = error?.name === 'SetupError' || error?.message?.startsWith('The build failed');
  writeLine(expected ? error.message : String(error?.stack ?? error));
  process.exitCode = 1;
}
