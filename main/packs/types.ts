import type { Outcome } from '../../contract/faults.ts';
import type { Digest } from '../../contract/ids.ts';
import type { PackPart } from '../../contract/pack-parts.ts';
import type { Pointer } from '../../contract/lifecycle.ts';
import type { GoldenSet, Manifest, Variant } from '../../contract/manifest.ts';
import type { Labels } from '../../contract/labels.ts';
import type { VerifyReport } from '../../contract/model.ts';
import type { Fault } from '../../contract/faults.ts';

/** A pack on disk whose manifest was read. Its files are proved by `verify` before the first load. */
export type Pack = {
  /** `id@version`. */
  readonly ref: string;
  readonly folder: string;
  readonly manifest: Manifest;
  /** SHA-256 of manifest.json as it lies on disk. */
  readonly digest: Digest;
  /** `signed`: a trusted publisher vouched for it when it was installed. */
  readonly trust: 'built-in' | 'signed' | 'local';
  readonly sizeBytes: number;
  /** Labels that it ranks; 0 where it has none, or where they cannot be read. */
  readonly labelCount: number;
};
/** A pack in the role that it plays in another. */
export type ResolvedPart = { readonly role: string; readonly pack: Pack };
export type RefusedPack = { readonly folder: string; readonly name: string; readonly fault: Fault };

/** A folder that is a pack, or that holds packs as `<id>/` or `<id>/<version>-<digest12>/`. One that is absent holds none. */
/** `hasReceipts`: the pack store's own folder, where what lies beside a pack may be believed. */
export type PackFolder = {
  readonly path: string;
  readonly trust: Pack['trust'];
  readonly hasReceipts?: boolean;
};

/** The packs under the given folders. Disk is the truth: `scan` reads it anew. */
export type Library = {
  scan(): Promise<void>;
  list(): readonly Pack[];
  refused(): readonly RefusedPack[];
  /**
   * `id`, `id@version`, `id@stable`, `id@previous` or `id@canary`. Without a version, and as `stable`, the one that the
   * model's pointer names; without a pointer the newest.
   */
  find(ref: string): Outcome<Pack>;
  /** Which versions answer from now on, by model; `shunned` (`id@version`) failed or were taken back, and play no role in others. */
  point(pointers: ReadonlyMap<string, Pointer>, shunned?: ReadonlySet<string>): void;
  variant(pack: Pack, choice: string): Outcome<Variant>;
  /** The packs that this one is made of, in their roles; none for one with a model of its own. Faults: `pack-part-missing`, `pack-parts-unfit`. */
  parts(pack: Pack): Outcome<readonly ResolvedPart[]>;
  /** The version here that would play this part now; null where there is none. */
  fitting(part: PackPart): Pack | null;
  /** Of the pack and all that it is made of: another one wherever its answers may be others. */
  digestOf(pack: Pack): Digest;
  /** Packs that have this one as a part now. */
  usersOf(pack: Pack): readonly Pack[];
  /** Checks size and SHA-256 of every file and that there is nothing else; never answers from memory. */
  verify(pack: Pack): Promise<VerifyReport>;
  /** As `verify`, but once per process and pack while no file's identity (size, mtime, inode) has changed; the fault is the first found. */
  prove(pack: Pack): Promise<Outcome<void>>;
  labels(pack: Pack): Promise<Outcome<Labels>>;
  golden(pack: Pack): Promise<Outcome<GoldenSet | null>>;
  card(pack: Pack): Promise<string>;
  /** Operators that a variant's graph uses anywhere, sorted, as `Conv` or `com.microsoft.QLinearAdd`. */
  operators(pack: Pack, variant: Variant): Promise<Outcome<readonly string[]>>;
  /** Absolute path of a file that the manifest lists. */
  fileOf(pack: Pack, path: string): string;
};
