import type { Outcome } from '../../../contract/faults.ts';
import type { Digest } from '../../../contract/ids.ts';
import type { Origin, Pointer, Signer } from '../../../contract/lifecycle.ts';
import type { Manifest } from '../../../contract/manifest.ts';

/** A pack that lies in the pack store's own staging folder, wholly verified, and that no library sees. */
export type StagedPack = {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly digest: Digest;
  /** Bytes of all files. */
  readonly sizeBytes: number;
};

/** Lies beside an installed pack and says who vouched for it when it was installed. */
export type Receipt = {
  readonly digest: Digest;
  readonly origin: Origin;
  readonly signer: Signer | null;
  readonly installedAt: string;
};

/** Size and digests of a file that was written or read. `sha512` in base64, as electron-updater has it. */
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
  /** A new place on the same disk as the packs, for downloads; gone after the next `recover` unless `keep` names it. */
  stagingFile(name: string): Promise<string>;
  /** Unpacks a `.outpack` strictly (stored entries only, manifest first, nothing extra, no links, no way out) and verifies every file. */
  stageArchive(file: string, options?: { signal?: AbortSignal }): Promise<Outcome<StagedPack>>;
  /** Copies a pack folder and verifies the copy. */
  stageFolder(folder: string, options?: { signal?: AbortSignal }): Promise<Outcome<StagedPack>>;
  /** Receipt, then one rename, then fsync. Placing what is there already, byte for byte, is no error. */
  place(staged: StagedPack, receipt: Receipt): Promise<Outcome<{ folder: string }>>;
  discard(staged: StagedPack): Promise<void>;
  /** Takes an installed version off the disk; a kill half-way leaves it whole or in the trash. */
  remove(model: string, version: string): Promise<Outcome<void>>;
  receipt(model: string, version: string): Promise<Receipt | null>;
  pointers(): Promise<ReadonlyMap<string, Pointer>>;
  /** Never replaces a pointer whose `seq` is greater. */
  writePointer(model: string, pointer: Pointer): Promise<Outcome<void>>;
  removePointer(model: string): Promise<Outcome<void>>;
  ratchets(): Promise<Readonly<Record<string, number>>>;
  raiseRatchets(values: Readonly<Record<string, number>>): Promise<Outcome<void>>;
  /** One process at a time; `lifecycle-locked` when another live one holds it after `waitMs`. A dead holder's lock is taken over. */
  lock(options?: { waitMs?: number }): Promise<Outcome<() => Promise<void>>>;
  /** Held for as long as a version is fetched or tried, so that another process knows that somebody is at work; null when somebody is. */
  workLock(model: string, version: string): Promise<(() => Promise<void>) | null>;
  /** Whether a live process is at work on a version. */
  isWorkedOn(model: string, version: string): Promise<boolean>;
  /** Sweeps staging and trash, leftovers of a kill. Files in staging named in `keep` stay (a download to go on with). */
  recover(keep?: readonly string[]): Promise<void>;
  /** Writes the pack in this folder as a `.outpack`: the same pack gives the same bytes. */
  writeArchive(
    packFolder: string,
    file: string,
    options?: { signal?: AbortSignal },
  ): Promise<Outcome<Measure>>;
  freeBytes(): Promise<number>;
};
