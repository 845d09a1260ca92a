import { relative, sep } from 'node:path';
import { failed, fault } from '../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import { changing } from './change.ts';
import type { LifecycleParts } from './parts.ts';

/**
 * Removes all versions of a model from this computer, in this order: downloads and trials are cancelled; runs stop and
 * keep their results; workers finish and end; records and pointer are deleted in one transaction, then the pointer's
 * file, then the folders. After a kill before the last folder the model is still complete and can be removed again.
 */
export async function removeModel(
  parts: LifecycleParts,
  model: string,
  endOwnWork: (model: string) => Promise<void>,
): Promise<Outcome<void>> {
  const { engine, packStore } = parts;
  const why = refusal(parts, model);
  if (why) return { ok: false, fault: why };
  await endOwnWork(model);
  if (await isWorkedOnElsewhere(parts, model))
    return failed('lifecycle-locked', { folder: packStore.folder });
  await engine.endWork(model);
  try {
    return await changing(parts, () => removeNow(parts, model));
  } finally {
    // From here on requests get `model-not-found`, or are answered if the removal failed.
    engine.readmit(model);
  }
}

async function removeNow(parts: LifecycleParts, model: string): Promise<Outcome<void>> {
  const { registry, packStore, library, engine } = parts;
  const why = refusal(parts, model);
  if (why) return { ok: false, fault: why };
  const mine = packsOf(parts, model);
  const swept = registry.of(model).flatMap((record) => registry.moved(record, { kind: 'remove' }) ?? []);
  const written = await registry.commit([
    ...swept,
    { kind: 'forget-pointer', model },
    { kind: 'policy', model, policy: { kind: 'latest' } },
    { kind: 'end-canary', model },
  ]);
  if (!written.ok) return written;
  engine.unwatch(model);
  const unpointed = await packStore.removePointer(model);
  let first: Outcome<void> = unpointed;
  for (const { manifest } of unpointed.ok ? mine : []) {
    const removed = await packStore.remove(model, manifest.version);
    if (first.ok && !removed.ok) first = removed;
  }
  await library.scan();
  await registry.refresh();
  return first;
}

function refusal(parts: LifecycleParts, model: string): Fault | null {
  const { registry, packStore, library } = parts;
  const mine = packsOf(parts, model);
  if (mine.some(({ trust }) => trust === 'built-in')) return fault('model-built-in', { model });
  const away = mine.find(({ folder }) => relative(packStore.folder, folder).split(sep)[0] === '..');
  if (away) return fault('model-elsewhere', { model, folder: away.folder });
  const whole = mine.flatMap((pack) => library.usersOf(pack)).find(({ manifest }) => manifest.id !== model);
  if (whole) return fault('version-is-part', { model, whole: whole.ref });
  const isKnown = mine.length > 0 || registry.pointer(model) !== null;
  return isKnown ? null : fault('model-not-found', { model });
}

const packsOf = ({ library }: LifecycleParts, model: string) =>
  library.list().filter(({ manifest }) => manifest.id === model);

async function isWorkedOnElsewhere({ registry, packStore }: LifecycleParts, model: string): Promise<boolean> {
  for (const { version } of registry.of(model)) if (await packStore.isWorkedOn(model, version)) return true;
  return false;
}
