import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { Manifest } from '../../../contract/packs/manifest.ts';
import { detail } from '../../../contract/faults/reasons.ts';
import { diskFault } from '../disk-fault.ts';
import type { BareModel } from './read.ts';
import { readTextProto, TextProtoError } from './text-proto.ts';
import type { TextMessage, TextValue } from './text-proto.ts';

export const configName = 'config.pbtxt';
const largestBytes = 1024 ** 2;
const mostWorkers = 64;

/** The part of Triton's model configuration that concerns serving. */
export type TritonConfig = {
  readonly file: string;
  /** As written; null when it is not set. */
  readonly maxBatchSize: number | null;
  /** Longest time that a batch waits to be filled, in microseconds. */
  readonly delayMicros: number | null;
  /** Sum of the counts of all instance groups. */
  readonly workers: number | null;
};

/**
 * The `config.pbtxt` of a bare model, in its version's folder or in the model's; null without one. Fault:
 * `file-unreadable`.
 */
export async function readTritonConfig({ beside }: BareModel): Promise<Outcome<TritonConfig | null>> {
  for (const folder of beside) {
    const file = join(folder, configName);
    const entry = await stat(file).catch(() => null);
    if (!entry?.isFile()) continue;
    if (entry.size > largestBytes)
      return failed('file-too-large', { file, size: entry.size, limit: largestBytes });
    try {
      return ok({ file, ...configOf(readTextProto(await readFile(file, 'utf8'))) });
    } catch (error) {
      if (error instanceof TextProtoError)
        return failed('file-unreadable', { file, reason: detail(error.message) });
      return diskFault(error, file);
    }
  }
  return ok(null);
}

/**
 * The serving part of the manifest. In Triton, a maximum batch size states that rows are independent; 0 states that
 * they are not.
 */
export function servingOf(
  config: TritonConfig | null,
  { name, number: version }: { readonly name: string | null; readonly number: number },
): Pick<Manifest, 'batch' | 'serving'> {
  const most = config?.maxBatchSize ?? null;
  const { delayMicros = null, workers = null } = config ?? {};
  return {
    ...(most !== null && { batch: most > 1 }),
    serving: {
      ...(name !== null && { name }),
      version: String(version),
      ...(most !== null && most > 0 && { maxBatch: most }),
      ...(delayMicros !== null && { delayMicros }),
      ...(workers !== null && { workers }),
    },
  };
}

function configOf(config: TextMessage): Omit<TritonConfig, 'file'> {
  const batching = messages(config.get('dynamic_batching'))[0];
  const groups = messages(config.get('instance_group'));
  const counts = groups.map((group) => whole('count', group.get('count')) ?? 1);
  return {
    maxBatchSize: whole('max_batch_size', config.get('max_batch_size')),
    delayMicros: batching
      ? whole('max_queue_delay_microseconds', batching.get('max_queue_delay_microseconds'))
      : null,
    workers:
      counts.length === 0
        ? null
        : Math.min(
            mostWorkers,
            Math.max(
              1,
              counts.reduce((sum, count) => sum + count, 0),
            ),
          ),
  };
}

/** The last value counts, as in protobuf. */
function whole(name: string, values: readonly TextValue[] | undefined): number | null {
  const value = values?.at(-1);
  if (value === undefined) return null;
  const number = typeof value === 'string' && /^\d{1,9}$/u.test(value) ? Number(value) : null;
  if (number === null) throw new TextProtoError(`${name} is a whole number from 0`);
  return number;
}

const messages = (values: readonly TextValue[] = []): readonly TextMessage[] =>
  values.filter((value) => typeof value !== 'string');
