import path from 'node:path';
import { deviceName, offeredProviders } from '../../main/engine/providers/device.ts';
import { availableCores } from '../../main/lib/capacity.ts';
import { openLibrary } from '../../main/packs/index.ts';
import { openStore } from '../../main/store/index.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const appVersion = '0.1.0';
const at = '2026-11-01T00:00:00.000Z';

/**
 * A store in `folder` of a computer that was idle before: the shipped models were proved and measured, so that neither is
 * done beside what a test waits for. As on two cores without a graphics card, a request is quicker with all cores.
 */
export async function writeMeasured(folder: string): Promise<void> {
  const cores = availableCores();
  const device = await deviceName(cores);
  const library = await openLibrary({
    folders: [{ path: path.join(root, 'models'), trust: 'built-in' }],
    appVersion,
  });
  // Of the build that the window is of.
  const threadFile = path.join(root, 'out', 'main', 'store.js');
  const store = await openStore({ folder, threadFile, appVersion });
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
    for (const { name } of pack.manifest.variants)
      store.saveShape(device, {
        model: `${model} ${name} cpu`,
        at,
        latency: { workers: 1, threads: cores, rate: 20 },
        throughput: { workers: cores, threads: 1, rate: 16 },
      });
  }
  await store.close();
}
