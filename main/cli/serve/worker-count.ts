import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { defaultHttpLimits, defaultRequestMemory } from '../../http/index.ts';
import { requestBytesOf } from '../../prefork/index.ts';
import type { Totals } from '../../prefork/index.ts';
import type { Opened } from '../open.ts';
import type { ServeConfig } from './config.ts';
import { httpLimits } from './engine-config.ts';

/** An HTTP worker without models, and the arbiter. */
const emptyBytes = 96 * 1024 ** 2;
/** What a session takes beside the file that it was made of, as TensorFlow Serving reckons. */
const sessionShare = 1.2;
/** Part of the memory that `auto` fills with workers. */
const usedShare = 0.9;

type Room = {
  readonly cores: number;
  /** Of this computer or its control group. */
  readonly memoryBytes: number;
  /** Model files that each worker loads at the start. */
  readonly weightBytes: number;
  /** A model runs on a device other than the processor, of which there is one. */
  readonly isOnDevice: boolean;
};
type WorkerCount = {
  readonly workers: number;
  readonly minWorkers: number;
  readonly totals: Totals;
};

/**
 * How many HTTP workers there are to be, each with all models. `auto` takes as many as there are cores, fewer where memory is
 * short, and one where a model runs on another device. Fault `usage`, with the figures, where as many as were asked for cannot fit.
 */
export function workerCount(config: ServeConfig, room: Room): Outcome<WorkerCount> {
  const { maxBodyBytes, requestMemoryBytes: given } = { ...defaultHttpLimits, ...httpLimits(config) };
  const least = config['min-workers'];
  const eachBytes = emptyBytes + sessionShare * room.weightBytes;
  const requestBytes = requestBytesOf(maxBodyBytes);
  const fitting = Math.max(
    1,
    given === null
      ? Math.floor((usedShare * room.memoryBytes - emptyBytes) / (eachBytes + requestBytes))
      : Math.min(
          Math.floor((usedShare * room.memoryBytes - emptyBytes - given) / eachBytes),
          Math.floor(given / requestBytes),
        ),
  );
  const auto = room.isOnDevice ? 1 : Math.min(room.cores, fitting);
  const workers = config.workers === 'auto' ? Math.max(auto, least ?? 1) : config.workers;
  const mostByMemory = Math.floor((room.memoryBytes - emptyBytes) / eachBytes);
  if (workers > Math.max(1, mostByMemory))
    return refuse(
      `${workers} workers do not fit: each takes about ${mebi(eachBytes)} MiB with the models of --load, and there are ${mebi(room.memoryBytes)} MiB. Give --workers ${Math.max(1, mostByMemory)} or fewer, or load fewer models.`,
    );
  if (given !== null && given < workers * requestBytes && workers > 1)
    return refuse(
      `--request-memory ${mebi(given)}mb is less than two bodies of --max-body ${mebi(maxBodyBytes)}mb for each of ${workers} workers. Give ${mebi(workers * requestBytes)}mb, fewer workers, or a smaller --max-body.`,
    );
  return ok({
    workers,
    minWorkers: least ?? workers,
    totals: {
      backlog: config.backlog,
      maxWaitMs: config['max-wait'] * 1000,
      requestMemoryBytes: given ?? Math.max(defaultRequestMemory(maxBodyBytes), workers * requestBytes),
      maxBodyBytes,
      maxLoaded: config['max-loaded'],
    },
  });
}

const mebi = (bytes: number): string => Math.round(bytes / 1024 ** 2).toLocaleString('en');
const refuse = (reason: string): Outcome<never> => failed('usage', { reason, command: 'serve' });

type Loading = Pick<Opened, 'engine' | 'library'>;

/** Bytes of the model files behind these ids: of the form of the weights that is used, and of what lies beside it. */
export function weightBytesOf({ library }: Pick<Loading, 'library'>, ids: readonly string[]): number {
  const packs = ids.flatMap((id) => {
    const found = library.find(id);
    if (!found.ok) return [];
    const parts = library.parts(found.value);
    return [found.value, ...(parts.ok ? parts.value.map(({ pack }) => pack) : [])];
  });
  let bytes = 0;
  for (const pack of new Set(packs)) {
    const chosen = library.variant(pack, 'auto');
    const used = chosen.ok ? chosen.value.file : undefined;
    const others = new Set(pack.manifest.variants.flatMap(({ file }) => (file === used ? [] : (file ?? []))));
    for (const { path, size } of pack.manifest.files)
      if (!others.has(path) && !isBeside.test(path)) bytes += size;
  }
  return bytes;
}
/** Files of a pack that no session reads. */
const isBeside = /^(?:golden|samples)\/|\.(?:json|md|txt|pbtxt)$/u;

/** Whether one of these models was proved on a device other than the processor, or is to run on one. */
export async function isAnyOnDevice({ engine, library }: Loading, ids: readonly string[]): Promise<boolean> {
  const { provider } = await engine.settings.get();
  if (provider !== 'auto') return provider !== 'cpu';
  const refs = ids.flatMap((id) => {
    const found = library.find(id);
    return found.ok ? [found.value.ref] : [];
  });
  const reports = await engine.doctor.providers();
  return reports.some(
    ({ model, provider: on, verdict }) => on !== 'cpu' && verdict.kind === 'chosen' && refs.includes(model),
  );
}
