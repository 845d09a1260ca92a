import { z } from 'zod';
import { Fault } from '../faults/faults.ts';
import { Digest, Provider } from '../ids.ts';
import { Reason } from '../faults/reasons.ts';

/** The reason in English and, except for older stored ones, as data. */
const because = { reason: z.string(), why: Reason.optional() };

/** Stored per device, driver and model: why a provider is or is not used. */
const ProviderVerdict = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('chosen'), ...because, ms: z.number() }),
  z.strictObject({ kind: z.literal('floor'), ...because, ms: z.number() }),
  z.strictObject({ kind: z.literal('slower'), ...because, ms: z.number(), cpuMs: z.number() }),
  z.strictObject({ kind: z.literal('wrong'), ...because, distance: z.number() }),
  z.strictObject({ kind: z.literal('cannot-load'), ...because }),
  z.strictObject({ kind: z.literal('crashed'), ...because }),
  z.strictObject({ kind: z.literal('timed-out'), ...because }),
  z.strictObject({ kind: z.literal('not-offered'), ...because }),
]);
type ProviderVerdict = z.infer<typeof ProviderVerdict>;
export const ProviderReport = z.strictObject({
  provider: Provider,
  model: z.string(),
  /** Of the pack and of all that it was made of then: with another part it is proved anew. Absent: from before that was written down. */
  digest: Digest.optional(),
  at: z.string(),
  verdict: ProviderVerdict,
});
export type ProviderReport = z.infer<typeof ProviderReport>;

/** Throughput of both shapes, measured once per model and device, in items per second. */
export const ShapeReport = z.strictObject({
  model: z.string(),
  at: z.string(),
  latency: z.strictObject({ workers: z.number().int(), threads: z.number().int(), rate: z.number() }),
  throughput: z.strictObject({ workers: z.number().int(), threads: z.number().int(), rate: z.number() }),
});
export type ShapeReport = z.infer<typeof ShapeReport>;

export const StoreState = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready'), file: z.string() }),
  /** The store was damaged and was renamed; a new one is in use. */
  z.strictObject({ kind: z.literal('replaced'), file: z.string(), movedTo: z.string(), reason: z.string() }),
  /** Nothing can be stored; requests are answered all the same. */
  z.strictObject({ kind: z.literal('read-only'), file: z.string(), reason: z.string() }),
  z.strictObject({ kind: z.literal('disk-full'), file: z.string(), reason: z.string() }),
]);
export type StoreState = z.infer<typeof StoreState>;

/** What the status bar shows. */
export const EngineStatus = z.strictObject({
  provider: Provider,
  workers: z.number().int(),
  threads: z.number().int(),
  /** Number of worker processes, of all models and for pictures, as in Monitor. */
  processes: z.number().int(),
  queued: z.number().int(),
  running: z.number().int(),
  /** Resident bytes of this process and its workers. */
  memoryBytes: z.number(),
  store: StoreState,
  quarantined: z.array(z.strictObject({ model: z.string(), fault: Fault })),
});
export type EngineStatus = z.infer<typeof EngineStatus>;

export const CacheStats = z.strictObject({
  answers: z.number().int(),
  kept: z.number().int(),
  inputs: z.number().int(),
  sizeBytes: z.number(),
  capBytes: z.number(),
  oldestAt: z.string().nullable(),
  models: z.array(z.strictObject({ model: z.string(), version: z.string(), answers: z.number().int() })),
});
export type CacheStats = z.infer<typeof CacheStats>;
