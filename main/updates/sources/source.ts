import type { Outcome } from '../../../contract/faults/faults.ts';
import type { UpdateSource } from '../../../contract/lifecycle/update.ts';

/** A file described by verified targets metadata. `name` omits the hash, as in `id/id-1.1.0.outpack`. */
export type Target = {
  readonly name: string;
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
};

/** Where a target's bytes are. A bundle stores each file contiguously, so it is a byte range of the bundle. */
export type TargetPlace =
  | { readonly kind: 'url'; readonly url: URL }
  | { readonly kind: 'file'; readonly path: string; readonly start: number; readonly size: number };

/** A feed as unverified bytes. Names are strict and rebuilt from their parts; nothing is read beyond its limit. */
export type MetadataSource = {
  readonly kind: UpdateSource['kind'];
  /** URL, folder name or file name, for messages. */
  readonly name: string;
  /** Reads `metadata/<file>`; null when the feed has no such file. */
  readMetadata(file: string, options: ReadOptions): Promise<Outcome<Buffer | null>>;
  /**
   * Locates `targets/<folder>/<sha256>.<file>`. A local file must exist with the signed size; its digest is verified by
   * the mover.
   */
  placeOf(target: Target): Promise<Outcome<TargetPlace>>;
  close(): Promise<void>;
};

export type ReadOptions = { readonly limitBytes: number; readonly signal: AbortSignal };
