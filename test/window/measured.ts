import path from 'node:path';
import { openEngine } from '../../main/composition/index.ts';
import { nodeStartWorker } from '../../main/engine/index.ts';
import { deviceName, offeredProviders } from '../../main/engine/providers/device.ts';
import { availableCores } from '../../main/lib/capacity.ts';
import { openLibrary } from '../../main/packs/index.ts';
import { openStore } from '../../main/store/index.ts';
import { saveMeasuredShapes } from '../fixtures/measured-shapes.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const models = path.join(root, 'models');
// Of the build that the window is of.
const built = (name: string): string => path.join(root, 'out', 'main', name);
const appVersion = '0.1.0';
const at = '2026-11-01T00:00:00.000Z';

/**
 * A store in `folder` of a computer that was idle before: the shipped models were proved and measured, so that neither is
 * done beside what a test waits for.
 */
export async function writeMeasured(folder: string): Promise<void> {
  await writeReports(folder);
  await proveSamples(folder);
}

/** As on a computer without a graphics card. */
async function writeReports(folder: string): Promise<void> {
  const device = await deviceName(availableCores());
  const library = await openLibrary({
    folders: [{ path: models, trust: 'built-in' }],
    appVersion,
  });
  const store = await openStore({ folder, threadFile: built('store.js'), appVersion });
  for (const pack of library.list()) {
    const model = pack.ref;
    const digest = library.digestOf(pack);
    for (const provider of ['cpu', 'webgpu', 'dml', 'coreml', 'cuda'] as const) {
      if (!offeredProviders().includes(provider)) continue;
      const verdict =
        provider === 'cpu'
          ? ({ kind: 'chosen', reason: 'right on the golden samples', ms: 40 } as const)
          : ({ kind: 'cannot-load', reason: 'no adapter' } as const);
      store.saveProvider(device, { provider, model, digest, at, verdict });
    }
    saveMeasuredShapes(store, device, pack);
  }
  await store.close();
}

/** The golden samples of the shipped models, run by Outpost itself; what they showed is as a window of this version would keep it. */
async function proveSamples(folder: string): Promise<void> {
  const startWorker = nodeStartWorker(built('worker.js'));
  const { engine, library, close } = await openEngine({
    dataFolder: folder,
    modelFolders: [models],
    entries: { worker: built('worker.js'), store: built('store.js') },
    // The window's own decoder.
    startWorker: (env) => startWorker({ ...env, OUTPOST_DECODER: 'wasm-vips' }),
    appVersion,
    log: () => undefined,
  });
  try {
    for (const { ref } of library.list()) {
      const proved = await engine.models.golden(ref);
      if (!proved.ok) throw new Error(`${ref}: ${proved.fault.message}`);
      if (proved.value.passed < proved.value.total) throw new Error(`${ref}: its golden samples are wrong`);
    }
  } finally {
    await close();
  }
}
