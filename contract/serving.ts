import { z } from 'zod';
import { Fault } from './faults.ts';
import { PackId, Version } from './ids.ts';
import { TaskId } from './tasks/index.ts';
import { TensorSpec } from './tensor.ts';

/** Where a request came in. */
export const clientNames = ['window', 'cli', 'http', 'grpc', 'queue'] as const;
export const ClientName = z.enum(clientNames);
export type ClientName = z.infer<typeof ClientName>;

/** Whether a version answers, in TensorFlow Serving's words: `unloaded` loads at its first request, `end` was asked to leave or cannot. */
export const ServedState = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('unloaded') }),
  z.strictObject({ kind: z.literal('loading') }),
  z.strictObject({ kind: z.literal('available') }),
  z.strictObject({ kind: z.literal('end'), fault: Fault.nullable() }),
]);
export type ServedState = z.infer<typeof ServedState>;

/** One version of a model as other programs may call it. */
export const ServedVersion = z.strictObject({
  /** `id@version`. */
  ref: z.string(),
  /** What clients call it: the pack's id, or the exact name of a bare model's folder. */
  id: z.string(),
  packId: PackId,
  version: Version,
  /** What clients are told, and call it by: the semantic version, or the number of the folder that a bare model lies in. */
  shownVersion: z.string(),
  /** For protocols that know whole numbers only: the folder's, or major × 10⁶ + minor × 10³ + patch. */
  number: z.number().int(),
  labels: z.array(z.enum(['stable', 'canary', 'previous'])),
  /** The one that answers when no version is named. */
  isDefault: z.boolean(),
  state: ServedState,
  title: z.string(),
  summary: z.string(),
  task: TaskId,
  packDigest: z.string(),
  inputs: z.array(TensorSpec),
  outputs: z.array(TensorSpec),
  /** How many labels it ranks; 0 for a model without labels. */
  labelCount: z.number().int(),
  /** Most rows of one request, and workers, as a `config.pbtxt` says; null where none does. */
  maxBatch: z.number().int().nullable(),
  workers: z.number().int().nullable(),
});
export type ServedVersion = z.infer<typeof ServedVersion>;

/** How one request ended. Times in milliseconds. */
export const Served = z.strictObject({
  at: z.number(),
  client: ClientName,
  model: z.string(),
  version: z.string(),
  kind: z.enum(['picture', 'tensor']),
  /** `ok` or the fault's code. */
  code: z.string(),
  totalMs: z.number(),
  queueMs: z.number(),
  runMs: z.number(),
  /** Before and after `runMs`, in the worker: inputs made of what came (a photo decoded), an answer made of the outputs. Absent: not measured. */
  inputMs: z.number().optional(),
  outputMs: z.number().optional(),
  /** Rows (first dimension) of this request, and of the batch that it ran in; 0 when nothing ran. */
  rows: z.number().int(),
  batchRows: z.number().int(),
  cached: z.boolean(),
});
export type Served = z.infer<typeof Served>;

/** TensorFlow Serving's batching parameters of one model. Absent ones are chosen by measuring. */
export const BatchingParameters = z.strictObject({
  /** Most rows of one batch; 1 is no batching. */
  max_batch_size: z.number().int().min(1).max(4096).optional(),
  /** Longest that a batch which is not full waits while a worker is free. */
  batch_timeout_micros: z.number().int().min(0).max(10_000_000).optional(),
  /** Batches that may wait; beyond them requests get 503. */
  max_enqueued_batches: z.number().int().min(1).max(100_000).optional(),
  /** Ascending; batches are padded up to the next one, and the last is `max_batch_size`. */
  allowed_batch_sizes: z.array(z.number().int().min(1).max(4096)).min(1).optional(),
});
export type BatchingParameters = z.infer<typeof BatchingParameters>;
