import { z } from 'zod';
import { Fault } from './faults.ts';
import { Digest, PackId, Version } from './ids.ts';
import { Signer } from './lifecycle.ts';

/** Where updates come from: an http(s) address, a folder (share, stick) or a `.outpost` bundle. */
export const UpdateSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('http'), address: z.string().max(2048) }),
  z.strictObject({ kind: z.literal('folder'), path: z.string().max(8192) }),
  z.strictObject({ kind: z.literal('bundle'), path: z.string().max(8192) }),
]);
export type UpdateSource = z.infer<typeof UpdateSource>;

/** A version that a verified feed has for this computer. Sizes in bytes. */
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
  /** What would cross the wire as a delta; null when unknown or no smaller. */
  deltaSize: z.number().int().nullable(),
  unpackedSize: z.number().int(),
  publishedAt: z.string(),
  signer: Signer,
});
export type Offer = z.infer<typeof Offer>;

/** A version that the feed has but that is not offered, and why. */
export const Withheld = z.strictObject({ model: PackId, version: Version, fault: Fault });
export type Withheld = z.infer<typeof Withheld>;

/** What the signed dates say; shown where a person must consent to an expired feed. */
export const FeedDates = z.strictObject({
  issuedAt: z.string(),
  expiresAt: z.string(),
  isExpired: z.boolean(),
});
export type FeedDates = z.infer<typeof FeedDates>;

export const CheckReport = z.strictObject({
  /** Address, folder name or file name. */
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

/** How a download goes. `bytesPerSecond` over the last seconds. */
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
  /** Why the last check gave nothing; what is installed goes on. */
  fault: Fault.nullable(),
  checkedAt: z.string().nullable(),
  downloads: z.array(DownloadProgress),
  /** Publishers whose first root this computer trusts. */
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

/** What a file that a person wants to install is, before anything is changed. */
export const ImportPreview = z.discriminatedUnion('kind', [
  /** A `.outpack` or pack folder that no feed vouches for. */
  z.strictObject({
    kind: z.literal('pack'),
    name: z.string(),
    model: PackId,
    version: Version,
    title: z.string(),
    summary: z.string(),
    licence: z.string(),
    size: z.number(),
    /** Version that answers now; null when the model is new here. */
    installed: Version.nullable(),
    /** Null: it may be installed. */
    fault: Fault.nullable(),
  }),
  /** A feed folder or a bundle. */
  z.strictObject({ kind: z.literal('feed'), name: z.string(), report: CheckReport }),
  /** A bare model: it needs a manifest first. */
  z.strictObject({ kind: z.literal('onnx'), name: z.string() }),
]);
export type ImportPreview = z.infer<typeof ImportPreview>;

/** An update of Outpost itself, signed by the same feed. Only the installed program has one, and only from an http feed. */
export const AppUpdateState = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('offered'), version: Version, note: z.string(), size: z.number() }),
  z.strictObject({ kind: z.literal('downloading'), version: Version }),
  /** It is installed when a person says so; Outpost ends and starts again. */
  z.strictObject({ kind: z.literal('ready'), version: Version }),
]);
export type AppUpdateState = z.infer<typeof AppUpdateState>;
