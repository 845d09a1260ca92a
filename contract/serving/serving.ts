import { z } from 'zod';
import { Fault } from '../faults/faults.ts';
import { PackId, Version } from '../ids.ts';
import { TaskId } from '../tasks/index.ts';
import { TensorSpec } from '../tensors/tensor.ts';

/** Where a request came from. */
const clientNames = ['window', 'cli', 'http', 'grpc', 'queue'] as const;
export const ClientName = z.enum(clientNames);
export type ClientName = z.infer<typeof ClientName>;

/**
 * State of a version, by TensorFlow Serving's names: `unloaded` is loaded at its first request, `end` was unloaded on
 * request or failed.
 */
export const ServedState = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('unloaded') }),
  z.strictObject({ kind: z.literal('loading') }),
  z.strictObject({ kind: z.literal('available') }),
  z.strictObject({ kind: z.literal('end'), fault: Fault.nullable() }),
]);
export type ServedState = z.infer<typeof ServedState>;

/** One version of a model as offered to other programs. */
export const ServedVersion = z.strictObject({
  /** `id@version`. */
  ref: z.string(),
  /** Its name for clients: the pack's id, or the exact folder name of a bare model. */
  id: z.string(),
  packId: PackId,
  version: Version,
  /** Its version for clients: the semantic version, or the folder number of a bare model. */
  shownVersion: z.string(),
  /** For protocols with integer versions: the folder's number, or major × 10⁶ + minor × 10³ + patch. */
  number: z.number().int(),
  labels: z.array(z.enum(['stable', 'canary', 'previous'])),
  /** Answers requests without a version. */
  isDefault: z.boolean(),
  state: ServedState,
  title: z.string(),
  summary: z.string(),
  task: TaskId,
  packDigest: z.string(),
  inputs: z.array(TensorSpec),
  outputs: z.array(TensorSpec),
  /** Number of labels; 0 for a model without labels. */
  labelCount: z.number().int(),
  /** Most rows per request, and number of workers, from a `config.pbtxt`; null without one. */
  maxBatch: z.number().int().nullable(),
  workers: z.number().int().nullable(),
});
export type ServedVersion = z.infer<typeof ServedVersion>;

/** The outcome of one request. Times in milliseconds. */
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
  /**
   * Time in the worker before and after `runMs`: preprocessing (decoding a photo), and postprocessing. Absent: not
   * measured.
   */
  inputMs: z.number().optional(),
  outputMs: z.number().optional(),
  /** Rows (first dimension) of this request, and of its batch; 0 when nothing ran. */
  rows: z.number().int(),
  batchRows: z.number().int(),
  cached: z.boolean(),
});
export type Served = z.infer<typeof Served>;

/** TensorFlow Serving's batching parameters of one model. Absent ones are chosen by measurement. */
export const BatchingParameters = z.strictObject({
  /** Most rows per batch; 1 disables batching. */
  max_batch_size: z.number().int().min(1).max(4096).optional(),
  /** Longest time that an incomplete batch waits while a worker is free. */
  batch_timeout_micros: z.number().int().min(0).max(10_000_000).optional(),
  /** Most waiting batches; further requests get 503. */
  max_enqueued_batches: z.number().int().min(1).max(100_000).optional(),
  /** Ascending; batches are padded to the next size, and the last one is `max_batch_size`. */
  allowed_batch_sizes: z.array(z.number().int().min(1).max(4096)).min(1).optional(),
});
export type BatchingParameters = z.infer<typeof BatchingParameters>;
