import { z } from 'zod';
import { Digest, PackId, Version } from '../ids.ts';

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
  /** Bytes on disk when unpacked. */
  unpackedSize: z.number().int().min(0),
  /** Release note, plain text, shown before anything is downloaded. */
  note: z.string().max(4000),
  /** Channels that contain it. `promote` adds one. */
  channels: z.array(Channel).max(20),
  /**
   * Percentage of devices that are offered it, 0 to 100. Ignored for a feed on a stick: bringing it counts as consent.
   */
  staging: z.number().min(0).max(100),
  minimumAppVersion: Version,
  publishedAt: z.string(),
});
export type PackTarget = z.infer<typeof PackTarget>;

/** `custom.outpost` of a blockmap's target. */
const BlockmapTarget = z.strictObject({ kind: z.literal('blockmap'), of: z.string().max(400) });
/** `custom.outpost` of an installer of Outpost itself. `platform` is `linux-x64` and the like. */
export const AppTarget = z.strictObject({
  kind: z.literal('app'),
  version: Version,
  platform: z.string().max(40),
  file: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/u)
    .max(200)
    // Excludes names that an operating system reserves or hides.
    .refine((file) => !file.includes('..') && !file.endsWith('.')),
  note: z.string().max(4000),
  publishedAt: z.string(),
});
export type AppTarget = z.infer<typeof AppTarget>;
export const TargetCustom = z.discriminatedUnion('kind', [PackTarget, BlockmapTarget, AppTarget]);
export type TargetCustom = z.infer<typeof TargetCustom>;

/** Field `x-outpost` of the signed targets metadata. */
export const FeedNotes = z.strictObject({
  /** ISO 8601 UTC; never decreases. Devices use it as a lower bound of the current time. */
  issuedAt: z.string(),
  /** Versions that must no longer answer. */
  revoked: z.array(z.strictObject({ id: PackId, version: Version, reason: z.string().max(400) })).max(10_000),
  /** Versions that may be installed although a newer one was. */
  allowRollbackTo: z.array(z.strictObject({ id: PackId, version: Version })).max(1000),
});
export type FeedNotes = z.infer<typeof FeedNotes>;

/** Field `x-outpost` of the signed root metadata. */
export const RootNotes = z.strictObject({
  publisher: z.string().min(1).max(120),
  /** Display name of each key by key id, also of retired ones: `root-1`, `packs`. For display only. */
  keyNames: z.record(z.string().max(128), z.string().max(60)).optional(),
});
export type RootNotes = z.infer<typeof RootNotes>;

export const metadataLimitBytes = 4 * 1024 ** 2;
export const rootLimitBytes = 512 * 1024;
/** Most root versions that a client follows in one update. */
export const mostRootRotations = 256;

/*
 * Target names are written and parsed only here, so that publisher and device agree. No other text of a feed becomes
 * part of a path.
 */
export const packTargetName = (id: string, version: string): string => `${id}/${id}-${version}.outpack`;
export const blockmapTargetName = (pack: string): string => `${pack}.blockmap`;

/** The target name for this description; the only valid one. */
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

/** The parts of a target name: folder, and file without the hash. */
type TargetName = { readonly folder: string; readonly file: string };

/** Null for a name that `targetName` would not have written. */
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
 * Path of a target below the feed, with `/`: its SHA-256 (lower-case hexadecimal) is prefixed to the file name. Null
 * for an invalid name or hash.
 */
export function targetPath(name: string, sha256: string): string | null {
  const parsed = parseTargetName(name);
  if (!parsed || !/^[0-9a-f]{64}$/u.test(sha256)) return null;
  return `targets/${parsed.folder}/${sha256}.${parsed.file}`;
}

/** Whether this is a valid file name in `metadata/`. */
export const isMetadataFile = (file: string): boolean =>
  /^(?:(?:[1-9]\d{0,9}\.)?(?:root|snapshot|targets)|timestamp)\.json$/u.test(file);
