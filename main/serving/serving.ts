import { fault, ok } from '../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import { reason } from '../../contract/faults/reasons.ts';
import type { BatchingParameters, ClientName, ServedVersion } from '../../contract/serving/serving.ts';
import { pickTensors } from '../../contract/tensors/tensor.ts';
import type { ModelAsk } from '../../contract/serving/find-served.ts';
import type { InferRequest, InferResult, Serving, ServingParts } from './types.ts';
import { takesPictures } from '../../contract/tasks/index.ts';
import { catalogueOf } from './catalogue.ts';
import { findServed } from '../../contract/serving/find-served.ts';
import { createOutdating } from './outdated.ts';
import { createReadiness } from './preloaded.ts';
import { reload } from './reload.ts';

export type ServingOptions = {
  /** Ids of models whose default version is loaded at the start and again when another version takes over. */
  readonly preload?: readonly string[];
  readonly batching?: Readonly<Record<string, BatchingParameters>>;
  /** Ids of models whose tensor requests are answered from the store when they can be; photos always are. */
  readonly cached?: readonly string[] | 'all';
  /** Versions (`id@version`) pinned as default, by model id: their successor failed its proof. */
  readonly held?: Iterable<readonly [string, string]>;
  /** Ids of models that someone asked to unload before. */
  readonly unloaded?: Iterable<string>;
  /** Other processes serve; this one only proves. */
  readonly answersElsewhere?: boolean;
};
export type OpenedServing = Serving & {
  /** Loads what is to be loaded, and comes back with what cannot be. */
  warm(): Promise<readonly { readonly model: string; readonly fault: Fault }[]>;
  /**
   * Reads the packs on disk anew. A version that would take over is loaded and proved on its golden samples first; until
   * then, and when it fails, the one before goes on. The faults of those that failed.
   */
  reload(): Promise<readonly Fault[]>;
  /** The pinned defaults, as `ServingOptions.held`. */
  held(): readonly (readonly [string, string])[];
  /** Keeps the current defaults, whatever is on disk. */
  hold(defaults: readonly (readonly [string, string])[]): void;
  /** Batching parameters by model; those without any go by their manifest. */
  setBatching(batching: Readonly<Record<string, BatchingParameters>>): void;
  /** What `setBatching` was given last. */
  givenBatching(): Readonly<Record<string, BatchingParameters>>;
  close(): void;
};

/** What every protocol asks, on one engine. */
export async function openServing(
  opened: ServingParts,
  options: ServingOptions = {},
): Promise<OpenedServing> {
  const { engine, library } = opened;
  const unloaded = new Set<string>(options.unloaded);
  const held = new Map<string, string>(options.held);
  const parts = { opened, unloaded, held };
  const preload = options.preload ?? [];
  const { cached = [] } = options;
  const isCached = ({ id, packId }: ServedVersion): boolean =>
    cached === 'all' || cached.includes(id) || cached.includes(packId);
  let known: readonly ServedVersion[] | null = null;
  const labels = new Map<string, readonly string[]>();
  const labelsOf = async ({ ref, packDigest }: Pick<ServedVersion, 'ref' | 'packDigest'>) => {
    const read = labels.get(packDigest);
    if (read) return read;
    const pack = library.find(ref);
    const found = pack.ok ? await library.labels(pack.value) : pack;
    // Do not cache a failure: the drive may be back the next time.
    if (!found.ok) return [];
    const names = found.value.map(({ name }) => name);
    labels.set(packDigest, names);
    return names;
  };

  const catalogue = (): readonly ServedVersion[] => (known ??= catalogueOf(parts));
  const forget = (): void => {
    known = null;
  };
  const outdate = createOutdating({ catalogue, setNamed: engine.workers.setNamed });
  const stopListening = engine.on(({ kind }) => {
    forget();
    if (kind === 'models-changed' || kind === 'lifecycle-changed') outdate();
  });

  const refused: Serving['refused'] = ({ packId, version, task }, client, why) =>
    engine.refused({
      model: packId,
      version,
      kind: takesPictures(task) ? 'picture' : 'tensor',
      client,
      fault: why,
    });
  const refuse = (served: ServedVersion, client: ClientName): Outcome<never> | null => {
    if (!unloaded.has(served.packId)) return null;
    const why = fault('model-unloaded', { model: served.id });
    refused(served, client, why);
    return { ok: false, fault: why };
  };
  const find = (ask: ModelAsk): Outcome<ServedVersion> => findServed(catalogue(), ask);
  const packIdOf = (id: string): string => {
    const found = find({ id });
    return found.ok ? found.value.packId : id;
  };
  const nameOf = (packId: string): string =>
    catalogue().find((served) => served.packId === packId)?.id ?? packId;
  let givenBatching: Readonly<Record<string, BatchingParameters>> = {};
  const setBatching = (batching: Readonly<Record<string, BatchingParameters>>): void => {
    givenBatching = batching;
    engine.batching.set(
      Object.fromEntries(Object.entries(batching).map(([id, parameters]) => [packIdOf(id), parameters])),
    );
  };
  setBatching(options.batching ?? {});
  const readiness = createReadiness({
    engine,
    preload: preload.map(packIdOf),
    defaultOf: (id) => find({ id }),
    unloaded,
    onLoaded: forget,
  });

  const unknownOutputOf = ({ outputs: given }: ServedVersion, asked: InferRequest['outputs']) =>
    asked?.find((name) => !given.some((output) => output.name === name));
  /** The state may be stale: the change event may not have arrived. */
  const noteAnswered = ({ state }: ServedVersion): void => {
    if (state.kind !== 'available') forget();
  };

  return {
    catalogue,
    find,
    refused,
    quick: (served) => {
      if (unloaded.has(served.packId) || isCached(served)) return null;
      const run = engine.quickModel(refFor(served, held));
      if (run === null) return null;
      return (request) => {
        const ran = unknownOutputOf(served, request.outputs) === undefined ? run(request) : null;
        if (ran === null) return null;
        noteAnswered(served);
        return chosen(ran, request.outputs);
      };
    },
    infer: async ({ served, outputs, signal, tensors, ...how }) => {
      const why = refuse(served, how.client);
      if (why) return why;
      const unknownOutput = unknownOutputOf(served, outputs);
      if (unknownOutput !== undefined) {
        const given = served.outputs.map(({ name }) => name).join(', ');
        const fit = fault('input-invalid', {
          name: unknownOutput,
          reason: reason('model-gives', { names: given }),
        });
        refused(served, how.client, fit);
        return { ok: false, fault: fit };
      }
      const answer = await engine.runTensors(
        { ...how, model: refFor(served, held), tensors, useCache: isCached(served) },
        signal && { signal },
      );
      noteAnswered(served);
      return answer.ok ? ok(chosen(answer.value, outputs)) : answer;
    },
    picture: async ({ served, bytes, digest = null, name, signal, ...how }) =>
      refuse(served, how.client) ??
      (await engine.predict(
        { ...how, source: { bytes, digest }, name, model: refFor(served, held) },
        signal && { signal },
      )),
    labels: labelsOf,
    load: async (served) => {
      unloaded.delete(served.packId);
      forget();
      const loaded = await engine.warm(served.ref);
      forget();
      return loaded;
    },
    unload: async (id) => {
      const found = find({ id });
      if (!found.ok) return found;
      const { packId } = found.value;
      unloaded.add(packId);
      forget();
      await engine.workers.unload(packId);
      forget();
      return ok(undefined);
    },
    isReady: () => readiness.unready().length === 0,
    unready: readiness.unready,
    status: engine.workers.status,
    isFull: () => engine.workers.room() <= 0,
    resize: engine.workers.resize,
    batching: (id) => engine.batching.of(packIdOf(id)),
    onServed: (listener) => engine.onServed((record) => listener({ ...record, model: nameOf(record.model) })),
    warm: readiness.warm,
    reload: async () => {
      const faults = await reload(opened, {
        held,
        catalogue,
        forget,
        answersElsewhere: options.answersElsewhere ?? false,
      });
      outdate();
      return faults;
    },
    held: () => [...held],
    hold: (defaults) => {
      for (const [id, ref] of defaults) held.set(id, ref);
      forget();
    },
    setBatching,
    givenBatching: () => givenBatching,
    close: stopListening,
  };
}

/** The outputs that were asked for, in that order. */
function chosen(given: InferResult, outputs: InferRequest['outputs']): InferResult {
  if (outputs === undefined) return given;
  const { tensors, queueMs, runMs, batchRows } = given;
  return {
    tensors: pickTensors(tensors, outputs),
    queueMs,
    runMs,
    batchRows,
  };
}

/** The default is addressed by id alone, so that a canary gets its share of the requests. */
const refFor = ({ packId, ref, isDefault }: ServedVersion, held: ReadonlyMap<string, string>): string =>
  isDefault && !held.has(packId) ? packId : ref;
