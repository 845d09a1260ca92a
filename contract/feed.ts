import { z } from 'zod';
import { Digest, PackId, Version } from './ids.ts';

/*
 * A feed is a static folder, the same on a web server, a share and a stick, and zipped (stored) in a `.outpost` bundle:
 *
 *   metadata/1.root.json 2.root.json …  timestamp.json  7.snapshot.json  7.targets.json     The Update Framework 1.0, consistent snapshots
 *   targets/<id>/<sha256>.<id>-<version>.outpack
 *   targets/<id>/<sha256>.<id>-<version>.outpack.blockmap      gzip JSON, electron-builder's format 2
 *   targets/app/<sha256>.<file>                                 the app's own installers, when the publisher carries them
 *
 * Target names leave out the hash: `efficientnet-lite0/efficientnet-lite0-1.1.0.outpack`.
 * Roles: root 2 of 3 (kept apart), targets 1 of 1 ("packs" key), snapshot and timestamp 1 of 1 ("online" key).
 */
export const Channel = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u)
  .max(40);

/** `custom.outpost` of a pack's target. */
export const PackTarget = z.strictObject({
  kind: z.literal('pack'),
  id: PackId,
  version: Version,
  /** The pack's digest: SHA-256 of its manifest. */
  digest: Digest,
  title: z.string().max(80),
  summary: z.string().max(200),
  licence: z.string().max(200),
  /** Bytes on disk once unpacked. */
  unpackedSize: z.number().int().min(0),
  /** What changes, plain text, shown before anything is fetched. */
  note: z.string().max(4000),
  /** Channels that have it. `promote` adds one. */
  channels: z.array(Channel).max(20),
  /** Percent of devices that are offered it, 0 to 100. A stick is consent: it counts as 100. */
  staging: z.number().min(0).max(100),
  minimumAppVersion: Version,
  publishedAt: z.string(),
});
export type PackTarget = z.infer<typeof PackTarget>;

/** `custom.outpost` of a blockmap's target. */
export const BlockmapTarget = z.strictObject({ kind: z.literal('blockmap'), of: z.string().max(400) });
/** `custom.outpost` of an installer of Outpost itself. `platform` is `linux-x64` and the like. */
export const AppTarget = z.strictObject({
  kind: z.literal('app'),
  version: Version,
  platform: z.string().max(40),
  file: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/u)
    .max(200)
    // No name that some system takes for its own or hides.
    .refine((file) => !file.includes('..') && !file.endsWith('.')),
  note: z.string().max(4000),
  publishedAt: z.string(),
});
export type AppTarget = z.infer<typeof AppTarget>;
export const TargetCustom = z.discriminatedUnion('kind', [PackTarget, BlockmapTarget, AppTarget]);
export type TargetCustom = z.infer<typeof TargetCustom>;

/** Field `x-outpost` of the signed targets metadata. */
export const FeedNotes = z.strictObject({
  /** ISO 8601 UTC; never earlier than the one before. A device takes it as the earliest that "now" can be. */
  issuedAt: z.string(),
  /** Versions that must not answer any more. */
  revoked: z.array(z.strictObject({ id: PackId, version: Version, reason: z.string().max(400) })).max(10_000),
  /** A version older than the newest may be installed on purpose. */
  allowRollbackTo: z.array(z.strictObject({ id: PackId, version: Version })).max(1000),
});
export type FeedNotes = z.infer<typeof FeedNotes>;

/** Field `x-outpost` of the signed root metadata. */
export const RootNotes = z.strictObject({
  publisher: z.string().min(1).max(120),
  /** What the publisher calls each key, by key id, also those of a retired one: `root-1`, `packs`. No trust hangs on it. */
  keyNames: z.record(z.string().max(128), z.string().max(60)).optional(),
});
export type RootNotes = z.infer<typeof RootNotes>;

export const metadataLimitBytes = 4 * 1024 ** 2;
export const rootLimitBytes = 512 * 1024;
/** How many roots a client walks in one go. */
export const mostRootRotations = 256;

/*
 * Names of targets are written and read here alone, so that what a publisher writes is what a device takes. No other text
 * of a feed becomes part of a path.
 */
export const packTargetName = (id: string, version: string): string => `${id}/${id}-${version}.outpack`;
export const blockmapTargetName = (pack: string): string => `${pack}.blockmap`;

/** The one name that a target of this description has; none can be called anything else. */
export function targetName(custom: TargetCustom): string {
  switch (custom.kind) {
    case 'pack':
      return packTargetName(custom.id, custom.version);
    case 'blockmap':
      return blockmapTargetName(custom.of);
    case 'app':
      return `app/${custom.file}`;
  }
}

/** What a target's name says: the folder it lies in and its file, without the hash. */
export type TargetName = { readonly folder: string; readonly file: string };

/** Null for a name that is not exactly one that `targetName` would have written. */
export function parseTargetName(name: string): TargetName | null {
  const [folder, file, ...rest] = name.split('/');
  if (folder === undefined || file === undefined || rest.length > 0) return null;
  const isApp = folder === 'app' && AppTarget.shape.file.safeParse(file).success;
  return isApp || isPackFile(folder, file) ? { folder, file } : null;
}

function isPackFile(folder: string, file: string): boolean {
  if (!PackId.safeParse(folder).success || !file.startsWith(`${folder}-`)) return false;
  const version = /^(.+?)\.outpack(?:\.blockmap)?$/u.exec(file.slice(folder.length + 1))?.[1];
  return version !== undefined && Version.safeParse(version).success;
}

/**
 * Where a target lies below the feed, written with `/`: its SHA-256 (lower-case hexadecimal) stands before its file's name.
 * Null for a name or hash that is not strict.
 */
export function targetPath(name: string, sha256: string): string | null {
  const parsed = parseTargetName(name);
  if (!parsed || !/^[0-9a-f]{64}$/u.test(sha256)) return null;
  return `targets/${parsed.folder}/${sha256}.${parsed.file}`;
}

/** Whether a file of `metadata/` may be asked for by this name. */
export const isMetadataFile = (file: string): boolean =>
  /^(?:(?:[1-9]\d{0,9}\.)?(?:root|snapshot|targets)|timestamp)\.json$/u.test(file);
