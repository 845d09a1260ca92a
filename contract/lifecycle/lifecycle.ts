import { z } from 'zod';
import { Fault } from '../faults/faults.ts';
import { Digest, PackId, Version } from '../ids.ts';

/*
 * The life of one version of a model on this computer.
 *
 *   offered ─get─> downloading ──> downloaded ──> verified ──> installed ─try─> on-trial ─switch─> active <─roll back─┐
 *      ^               │                                         ^  ^              │                 │               │
 *      └──── cancel ───┘                                         │  └──── keep ────┘                 └──> previous ──┤
 *                                                                └──────────── unpin, replaced ──────────────┘      │
 *   swept <── installed, previous, failed: its folder is gone, its history stays                                    │
 *   swept <── any state that has files: its whole model was removed                                                 │
 *   failed(fault) <── from any state but swept; one that was active hands over to the previous version first ───────┘
 *
 * Every arrow is one SQLite transaction. Which version answers is also in a pointer file beside the packs; both carry a
 * sequence number and the greater one holds, so that a kill between the two, or the loss of either, changes nothing.
 */
const at = z.string();
export const trialPhases = ['golden', 'shadow', 'waiting', 'canary'] as const;
export const VersionState = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('offered') }),
  z.strictObject({ kind: z.literal('downloading') }),
  z.strictObject({ kind: z.literal('downloaded') }),
  z.strictObject({ kind: z.literal('verified') }),
  z.strictObject({ kind: z.literal('installed') }),
  /** `waiting`: golden samples and shadow run are done, a person decides. `canary`: it answers some real requests. */
  z.strictObject({ kind: z.literal('on-trial'), phase: z.enum(trialPhases) }),
  z.strictObject({ kind: z.literal('active') }),
  z.strictObject({ kind: z.literal('previous') }),
  z.strictObject({ kind: z.literal('swept') }),
  z.strictObject({ kind: z.literal('failed'), from: z.string(), fault: Fault }),
]);
export type VersionState = z.infer<typeof VersionState>;

/** Origin of a version for display: a URL, folder name or file name. */
export const Origin = z.strictObject({
  kind: z.enum(['built-in', 'feed', 'folder', 'bundle', 'file']),
  name: z.string().max(2048),
});
export type Origin = z.infer<typeof Origin>;

/** Who signed a version; null for a local, unsigned pack. */
export const Signer = z.strictObject({
  /** The publisher's name in its root metadata. */
  name: z.string(),
  /** First 16 hexadecimal digits of the key that signed. */
  key: z.string(),
  at,
});
export type Signer = z.infer<typeof Signer>;

/** Everything known about one version. Times in ISO 8601 UTC, sizes in bytes. */
export const VersionRecord = z.strictObject({
  model: PackId,
  version: Version,
  /** SHA-256 of its manifest; null until it is downloaded, unless a feed states it. */
  digest: Digest.nullable(),
  state: VersionState,
  origin: Origin,
  signer: Signer.nullable(),
  /** Release note of the feed, plain text. */
  note: z.string(),
  addedAt: at,
  changedAt: at,
});
export type VersionRecord = z.infer<typeof VersionRecord>;

/** Which versions of a model answer. `seq` increases with every change. */
export const Pointer = z.strictObject({
  seq: z.number().int().min(0),
  active: Version,
  previous: Version.nullable(),
  /** Version on trial that answers a share of the requests. */
  canary: Version.nullable(),
});
export type Pointer = z.infer<typeof Pointer>;

/**
 * As in TensorFlow Serving. `latest`: the newest version that proved itself. `all`: the same, and old versions are
 * never removed. `specific`: this version, whatever arrives (pinned).
 */
export const VersionPolicy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('latest') }),
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('specific'), version: Version }),
]);
export type VersionPolicy = z.infer<typeof VersionPolicy>;

/** A version that was rolled back on this computer: it is not offered again. */
export const DeniedVersion = z.strictObject({ model: PackId, version: Version, fault: Fault, at });
export type DeniedVersion = z.infer<typeof DeniedVersion>;

/** An entry of a model's history, kept permanently. */
export const LifecycleEvent = z.strictObject({
  model: PackId,
  version: Version,
  at,
  from: z.string().nullable(),
  to: z.string(),
  /** The cause, unless a person asked for it. */
  fault: Fault.nullable(),
});
export type LifecycleEvent = z.infer<typeof LifecycleEvent>;

/** Statistics of the first real answers of a new version. */
export const CanaryReport = z.strictObject({
  model: PackId,
  version: Version,
  /** Share of interactive requests that it answers, 0 to 1; 1 after a full switch. */
  share: z.number().min(0).max(1),
  answered: z.number().int(),
  faults: z.number().int(),
  /** Number of answers after which it has proved itself. */
  of: z.number().int(),
  /** Milliseconds a request; null until known. */
  medianMs: z.number().nullable(),
  budgetMs: z.number().nullable(),
});
export type CanaryReport = z.infer<typeof CanaryReport>;
