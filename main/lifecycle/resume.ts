import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { faultTable, ok } from '../../contract/faults/faults.ts';
import { goldenFault } from '../../contract/packs/model.ts';
import { changing } from './change.ts';
import type { LifecycleParts } from './parts.ts';
import { rollBack } from './swap.ts';
import { makeFolders } from '../lib/make-folders.ts';

/** Debounce time of file events: writing a pointer alone causes several. */
const settleMs = 300;

/** Repairs store, packs and staging after a kill. */
export async function tidy(parts: LifecycleParts): Promise<void> {
  const { registry, packStore } = parts;
  const done = await changing(parts, async () => {
    const passing = ['offered', 'downloading', 'downloaded', 'verified'];
    const wanted = registry.all().filter(({ state }) => passing.includes(state.kind));
    // Keeps partial downloads that will be resumed.
    await packStore.recover(
      wanted.flatMap(({ model, version }) => {
        const file = `${model}-${version}.outpack`;
        return [file, `${file}.partial`, `${file}.blockmap`];
      }),
    );
    await removeRefused(parts);
    return ok(undefined);
  });
  if (!done.ok) parts.log('warn', `the models were not tidied up: ${done.fault.message}`);
}

/** Deletes versions that failed their trial, in case the process was killed before it did. */
async function removeRefused({ registry, library, packStore, log }: LifecycleParts): Promise<void> {
  for (const { ref, manifest, trust } of library.list()) {
    const { id: model, version } = manifest;
    const state = registry.get(model, version)?.state;
    const isRefused = state?.kind === 'failed' && state.from === 'on-trial';
    if (!isRefused || trust === 'built-in' || registry.pointer(model)?.active === version) continue;
    const removed = await packStore.remove(model, version);
    if (!removed.ok) log('warn', `${ref} is still on the disk: ${removed.fault.message}`);
  }
  await registry.refresh();
}

/**
 * Proves the files of the active versions, and runs their golden samples where this Outpost has not yet done so on this
 * device, driver and provider.
 */
export async function proveActive(parts: LifecycleParts, signal: AbortSignal): Promise<void> {
  const { registry, library, engine } = parts;
  for (const model of new Set(library.list().map(({ manifest }) => manifest.id))) {
    const version = registry.pointer(model)?.active;
    if (version === undefined || signal.aborted) continue;
    const ref = `${model}@${version}`;
    // The files may have changed since the golden samples passed.
    const pack = library.find(ref);
    const whole = pack.ok ? await library.prove(pack.value) : pack;
    if (whole.ok && (await engine.isProved(ref))) continue;
    const result = whole.ok ? await engine.golden(ref, signal) : whole;
    if (signal.aborted || (!result.ok && result.fault.code === 'nothing-to-do')) continue;
    const why = result.ok ? goldenFault(ref, result.value) : result.fault;
    if (why === null) continue;
    if (faultTable[why.code].retry) {
      // Lack of memory or a killed worker says nothing about the model; the next start tries again.
      parts.log('warn', `${ref} was not proved: ${why.message}`);
      continue;
    }
    const back = await rollBack(parts, { model, version }, why);
    // Without a previous version the failed one stays active; its golden result shows the failure.
    parts.log('error', back.ok ? `${ref} was taken back: ${why.message}` : `${ref}: ${why.message}`);
  }
}

/**
 * Watches the pack store for changes by other processes, such as the command line beside the window, and refreshes the
 * registry.
 */
export async function watchPackStore(
  parts: LifecycleParts,
  onFailure: (text: string) => void,
): Promise<() => void> {
  const { packStore, registry, engine } = parts;
  const look = async (): Promise<void> => {
    await registry.refresh();
    engine.follow();
  };
  let timer: NodeJS.Timeout | null = null;
  let watcher: FSWatcher | null = null;
  try {
    await makeFolders(packStore.folder);
    watcher = watch(packStore.folder, { recursive: true, persistent: false }, (_event, name) => {
      if (name === null || /^\.(?:lock|work-|staging|trash|ratchets)/u.test(name)) return;
      if (timer) clearTimeout(timer);
      timer = setTimeout(() => {
        look().catch((error: unknown) => onFailure(String(error)));
      }, settleMs).unref();
    });
    watcher.on('error', (error) => onFailure(error.message));
  } catch (error) {
    onFailure(String(error));
  }
  return () => {
    if (timer) clearTimeout(timer);
    watcher?.close();
  };
}
