import type { Outcome } from '../../contract/faults/faults.ts';
import type { Digest } from '../../contract/ids.ts';
import type { PackPart } from '../../contract/packs/pack-parts.ts';
import type { Pointer } from '../../contract/lifecycle/lifecycle.ts';
import type { GoldenSet, Manifest, Variant } from '../../contract/packs/manifest.ts';
import type { Labels } from '../../contract/packs/labels.ts';
import type { VerifyReport } from '../../contract/packs/model.ts';
import type { Fault } from '../../contract/faults/faults.ts';

/** A pack on disk whose manifest was read. Its files are verified before the first load. */
export type Pack = {
  /** `id@version`. */
  readonly ref: string;
  readonly folder: string;
  readonly manifest: Manifest;
  /** SHA-256 of manifest.json as stored. */
  readonly digest: Digest;
  /** `signed`: a trusted publisher vouched for it at installation. */
  readonly trust: 'built-in' | 'signed' | 'local';
  readonly sizeBytes: number;
  /** Number of labels; 0 when it has none or they cannot be read. */
  readonly labelCount: number;
};
/** A pack in the role that it plays in a composed pack. */
export type ResolvedPart = { readonly role: string; readonly pack: Pack };
export type RefusedPack = { readonly folder: string; readonly name: string; readonly fault: Fault };

/**
 * A folder that is a pack, or contains packs as `<id>/` or `<id>/<version>-<digest12>/`. A missing one contains none.
 */
/** `hasReceipts`: the pack store's own folder, where files beside a pack are trusted. */
export type PackFolder = {
  readonly path: string;
  readonly trust: Pack['trust'];
  readonly hasReceipts?: boolean;
};

/** The packs in the given folders. The disk is the source of truth: `scan` reads it again. */
export type Library = {
  scan(): Promise<void>;
  list(): readonly Pack[];
  refused(): readonly RefusedPack[];
  /**
   * Resolves `id`, `id@version`, `id@stable`, `id@previous` or `id@canary`. Without a version, and for `stable`, it is
   * the one of the model's pointer; without a pointer the newest.
   */
  find(ref: string): Outcome<Pack>;
  /**
   * Sets the pointers by model; `shunned` versions (`id@version`) failed or were revoked, and are not used as parts.
   */
  point(pointers: ReadonlyMap<string, Pointer>, shunned?: ReadonlySet<string>): void;
  variant(pack: Pack, choice: string): Outcome<Variant>;
  /**
   * The parts of a composed pack by role; none for one with its own model. `part`: as if that version were active.
   * Faults: `pack-part-missing`, `pack-parts-unfit`.
   */
  parts(pack: Pack, part?: Pack): Outcome<readonly ResolvedPart[]>;
  /** The installed version that would play this part; null when there is none. */
  fitting(part: PackPart): Pack | null;
  /** Digest of the pack and all its parts: it changes whenever results may. `part` as above. */
  digestOf(pack: Pack, part?: Pack): Digest;
  /** Packs that use this one as a part. */
  usersOf(pack: Pack): readonly Pack[];
  /** Composed packs whose parts would change if this version became active. */
  changedBy(pack: Pack): readonly Pack[];
  /** Verifies size and SHA-256 of every file and that there are no others; never cached. */
  verify(pack: Pack): Promise<VerifyReport>;
  /**
   * As `verify`, but once per process as long as no file's identity (size, mtime, inode) has changed; the fault is the
   * first one found.
   */
  prove(pack: Pack): Promise<Outcome<void>>;
  labels(pack: Pack): Promise<Outcome<Labels>>;
  golden(pack: Pack): Promise<Outcome<GoldenSet | null>>;
  card(pack: Pack): Promise<string>;
  /** Operators that a variant's graph uses anywhere, sorted, such as `Conv` or `com.microsoft.QLinearAdd`. */
  operators(pack: Pack, variant: Variant): Promise<Outcome<readonly string[]>>;
  /** Absolute path of a file listed in the manifest. */
  fileOf(pack: Pack, path: string): string;
};
