import path from 'node:path';
import { withLock } from './lock.mjs';
import { ensurePackages } from './packages.mjs';
import { cacheRoot } from './paths.mjs';
import { createReport, SetupError } from './report.mjs';
import { run, tail } from './run.mjs';

/**
 * Makes a checkout ready: packages, Electron runtime, system libraries, native modules. Does only what is missing and
 * writes each step with its time.
 *
 * - `electron`: whether Electron is wanted at all (the command line needs none)
 * - `display`: 'own' where a window opens on the person's screen, 'virtual' for tests on a screen of their own
 * - `log`: takes one line of text
 *
 * Returns `{ runtime }`, undefined without `electron`.
 */
export async function ensureReady({ electron = true, display = 'own', log = console.log } = {}) {
  log('Set-up');
  const report = createReport(log);
  return withLock(path.join(cacheRoot, 'setup.lock'), log, async () => {
    await report.step('packages', ensurePackages);
    const runtime = electron ? await electronReady(report, display) : undefined;
    // Loaded only now: before the first step there may be no packages for them to use.
    const { ensureSqlite } = await import('./sqlite.mjs');
    await report.step('database', (note) => ensureSqlite(note, runtime?.executable));
    report.finish();
    return { runtime };
  });
}

async function electronReady(report, display) {
  const { ensureRuntime } = await import('./runtime.mjs');
  const { ensureSystem } = await import('./system.mjs');
  const runtime = await report.step('runtime', ensureRuntime);
  const virtualScreen = process.platform === 'linux' && display === 'virtual';
  await report.step('system', (note) =>
    ensureSystem(note, { executable: runtime.executable, virtualScreen }),
  );
  if (runtime.dist) process.env.ELECTRON_OVERRIDE_DIST_PATH = runtime.dist;
  await report.step('smoke', () => smoke(runtime));
  return runtime;
}

async function smoke({ executable, version }) {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const { code, output, error } = await run(executable, ['-p', 'process.versions.electron'], { env });
  if (code === 0 && output.includes(version)) return { text: `Electron ${version} starts` };
  throw new SetupError(
    'The Electron runtime does not start.',
    error?.message ?? tail(output),
    `Delete ${path.dirname(executable)} and run the command again.`,
  );
}

/** Runs a tool's main function: prints a failed set-up step as a message, any other error with its stack. */
export async function runTool(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    console.error(error instanceof SetupError ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
