import type { Outcome } from '../../../contract/faults/faults.ts';
import type { Digest } from '../../../contract/ids.ts';
import type { Origin, Pointer, Signer } from '../../../contract/lifecycle/lifecycle.ts';
import type { Manifest } from '../../../contract/packs/manifest.ts';

/** A verified pack in the pack store's staging folder, which no library scans. */
export type StagedPack = {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly digest: Digest;
  /** Total size of its files. */
  readonly sizeBytes: number;
};

/** Stored beside an installed pack; tells who vouched for it at installation. */
export type Receipt = {
  readonly digest: Digest;
  readonly origin: Origin;
  readonly signer: Signer | null;
  readonly installedAt: string;
};

/** Size and digests of a file. `sha512` in base64, as electron-updater has it. */
export type Measure = { readonly size: number; readonly sha256: string; readonly sha512: string };

/**
 * The packs that a person added, as `<data>/packs`:
 *
 *   .staging/<name>/                    being unpacked or fetched; emptied by `recover`
 *   .trash/<name>/                      being removed; emptied by `recover`
 *   .lock                               held by the one process that changes something
 *   .work-<id>-<version>                held by the process that fetches or tries a version
 *   .ratchets.json                      the second copy of the trust ratchets
 *   <id>/pointer.json                   temp, fsync, rename, fsync of the folder
 *   <id>/<version>-<digest12>/          the pack, read-only
 *   <id>/<version>-<digest12>.json      its receipt
 */
export type PackStore = {
  readonly folder: string;
  /** A new path on the same disk as the packs, for downloads; deleted by the next `recover` unless `keep` names it. */
  stagingFile(name: string): Promise<string>;
  /**
   * Unpacks a `.outpack` strictly (stored entries only, manifest first, no extra files, links or paths outside) and
   * verifies every file.
   */
  stageArchive(file: string, options?: { signal?: AbortSignal }): Promise<Outcome<StagedPack>>;
  /** Copies a pack folder and verifies the copy. */
  stageFolder(folder: string, options?: { signal?: AbortSignal }): Promise<Outcome<StagedPack>>;
  /** Installs: receipt, then one rename, then fsync. Installing an identical pack again is no error. */
  place(staged: StagedPack, receipt: Receipt): Promise<Outcome<{ folder: string }>>;
  discard(staged: StagedPack): Promise<void>;
  /** Removes an installed version; a kill half-way leaves it complete or in the trash. */
  remove(model: string, version: string): Promise<Outcome<void>>;
  receipt(model: string, version: string): Promise<Receipt | null>;
  pointers(): Promise<ReadonlyMap<string, Pointer>>;
  /** Never replaces a pointer with a higher `seq`. */
  writePointer(model: string, pointer: Pointer): Promise<Outcome<void>>;
  removePointer(model: string): Promise<Outcome<void>>;
  ratchets(): Promise<Readonly<Record<string, number>>>;
  raiseRatchets(values: Readonly<Record<string, number>>): Promise<Outcome<void>>;
  /**
   * Exclusive between processes; `lifecycle-locked` when another live one still holds it after `waitMs`. The lock of a
   * process that ended is taken over.
   */
  lock(options?: { waitMs?: number }): Promise<Outcome<() => Promise<void>>>;
  /** Held while a version is downloaded or tried, to tell other processes; null when another one holds it. */
  workLock(model: string, version: string): Promise<(() => Promise<void>) | null>;
  /** Whether a live process is working on a version. */
  isWorkedOn(model: string, version: string): Promise<boolean>;
  /** Deletes what a kill left in staging and trash. Files in staging named in `keep` stay (downloads to resume). */
  recover(keep?: readonly string[]): Promise<void>;
  /** Writes the pack in this folder as a reproducible `.outpack`. */
  writeArchive(
    packFolder: string,
    file: string,
    options?: { signal?: AbortSignal },
  ): Promise<Outcome<Measure>>;
  freeBytes(): Promise<number>;
};
