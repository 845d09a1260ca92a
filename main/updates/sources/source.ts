import type { Outcome } from '../../../contract/faults.ts';
import type { UpdateSource } from '../../../contract/update.ts';

/** A file that verified targets metadata describes. `name` leaves out the hash, as in `id/id-1.1.0.outpack`. */
export type Target = {
  readonly name: string;
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
};

/** Where a target's bytes lie. A stored bundle keeps each file in one piece, so that it is a range of the bundle. */
export type TargetPlace =
  | { readonly kind: 'url'; readonly url: URL }
  | { readonly kind: 'file'; readonly path: string; readonly start: number; readonly size: number };

/** A feed as bytes that nobody has vouched for yet. Names are strict and rebuilt; nothing is read beyond its limit. */
export type MetadataSource = {
  readonly kind: UpdateSource['kind'];
  /** Address, folder name or file name, for messages. */
  readonly name: string;
  /** `metadata/<file>`; null where the feed has no such file. */
  readMetadata(file: string, options: ReadOptions): Promise<Outcome<Buffer | null>>;
  /** The place of `targets/<folder>/<sha256>.<file>`. For a file also that it is there with the size signed; the bytes are proved by the mover. */
  placeOf(target: Target): Promise<Outcome<TargetPlace>>;
  close(): Promise<void>;
};

export type ReadOptions = { readonly limitBytes: number; readonly signal: AbortSignal };
