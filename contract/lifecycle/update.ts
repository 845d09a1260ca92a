import { z } from 'zod';
import { Fault } from '../faults/faults.ts';
import { Digest, PackId, Version } from '../ids.ts';
import { Signer } from './lifecycle.ts';

/** Source of updates: an http(s) URL, a folder (share, stick) or a `.outpost` bundle. */
export const UpdateSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('http'), address: z.string().max(2048) }),
  z.strictObject({ kind: z.literal('folder'), path: z.string().max(8192) }),
  z.strictObject({ kind: z.literal('bundle'), path: z.string().max(8192) }),
]);
export type UpdateSource = z.infer<typeof UpdateSource>;

/** A version that a verified feed offers to this computer. Sizes in bytes. */
export const Offer = z.strictObject({
  model: PackId,
  version: Version,
  digest: Digest,
  title: z.string(),
  summary: z.string(),
  licence: z.string(),
  note: z.string(),
  /** Of the `.outpack` file. */
  size: z.number().int(),
  /** Download size as a delta; null when unknown or not smaller. */
  deltaSize: z.number().int().nullable(),
  unpackedSize: z.number().int(),
  publishedAt: z.string(),
  signer: Signer,
});
export type Offer = z.infer<typeof Offer>;

/** A version in the feed that is not offered, with the reason. */
export const Withheld = z.strictObject({ model: PackId, version: Version, fault: Fault });
export type Withheld = z.infer<typeof Withheld>;

/** Dates of the signed metadata; shown when a person must accept an expired feed. */
export const FeedDates = z.strictObject({
  issuedAt: z.string(),
  expiresAt: z.string(),
  isExpired: z.boolean(),
});
export type FeedDates = z.infer<typeof FeedDates>;

export const CheckReport = z.strictObject({
  /** URL, folder name or file name. */
  source: z.string(),
  at: z.string(),
  publisher: z.string(),
  dates: FeedDates,
  offers: z.array(Offer),
  withheld: z.array(Withheld),
  /** Installed versions that the publisher has revoked. */
  revoked: z.array(z.strictObject({ model: PackId, version: Version, reason: z.string() })),
});
export type CheckReport = z.infer<typeof CheckReport>;

/** Progress of a download. `bytesPerSecond` over the last seconds. */
export const DownloadProgress = z.strictObject({
  model: PackId,
  version: Version,
  transferred: z.number(),
  total: z.number(),
  bytesPerSecond: z.number(),
});
export type DownloadProgress = z.infer<typeof DownloadProgress>;

/*
 * What the Updates panel and the badge show.
 *
 *   idle ──check──> checking ──> idle (report) | idle (fault)
 */
export const UpdatesState = z.strictObject({
  kind: z.enum(['idle', 'checking']),
  lastCheck: CheckReport.nullable(),
  /** Why the last check failed; installed versions are not affected. */
  fault: Fault.nullable(),
  checkedAt: z.string().nullable(),
  downloads: z.array(DownloadProgress),
  /** Publishers whose first root is trusted on this computer. */
  publishers: z.array(
    z.strictObject({
      name: z.string(),
      /** SHA-256 of the first root's canonical bytes, to read aloud and compare. */
      fingerprint: z.string(),
      rootVersion: z.number().int(),
      isBuiltIn: z.boolean(),
    }),
  ),
});
export type UpdatesState = z.infer<typeof UpdatesState>;

/** What a chosen file is, before anything is changed. */
export const ImportPreview = z.discriminatedUnion('kind', [
  /** A `.outpack` or pack folder that is not part of a feed. */
  z.strictObject({
    kind: z.literal('pack'),
    name: z.string(),
    model: PackId,
    version: Version,
    title: z.string(),
    summary: z.string(),
    licence: z.string(),
    size: z.number(),
    /** The active version; null when the model is not installed. */
    installed: Version.nullable(),
    /** Null: it may be installed. */
    fault: Fault.nullable(),
  }),
  /** A feed folder or a bundle. */
  z.strictObject({ kind: z.literal('feed'), name: z.string(), report: CheckReport }),
  /** A bare model, which needs a manifest first. */
  z.strictObject({ kind: z.literal('onnx'), name: z.string() }),
]);
export type ImportPreview = z.infer<typeof ImportPreview>;

/** An update of Outpost itself, signed by the same feed. Only for the installed program, and only from an http feed. */
export const AppUpdateState = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('offered'), version: Version, note: z.string(), size: z.number() }),
  z.strictObject({ kind: z.literal('downloading'), version: Version }),
  /** Installed on request; Outpost quits and starts again. */
  z.strictObject({ kind: z.literal('ready'), version: Version }),
]);
export type AppUpdateState = z.infer<typeof AppUpdateState>;
