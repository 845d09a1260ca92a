import type { Outcome } from '../../../contract/faults/faults.ts';
import type { Settings } from '../../../contract/settings.ts';
import type { DownloadProgress } from '../../../contract/lifecycle/update.ts';
import type { DeltaBasis, Fetched } from '../types.ts';
import type { Target, TargetPlace } from '../sources/source.ts';

/**
 * A file described by verified metadata, and where to get it. `sha512` in hexadecimal; null when the metadata has none.
 */
export type MoveTarget = Target & { readonly sha512: string | null; readonly place: TargetPlace };

export type MoveRequest = {
  /** URL, folder name or file name of the feed, for messages. */
  readonly feed: string;
  readonly model: string;
  readonly version: string;
  readonly target: MoveTarget;
  readonly blockmap: MoveTarget | null;
  /** The base's blockmap in the feed; without it one is computed from the base. */
  readonly oldBlockmap: MoveTarget | null;
  readonly basis: DeltaBasis | null;
  /** Path of the complete file; the partial file is beside it, as `.partial`. */
  readonly to: string;
  readonly byHand: boolean;
  readonly onProgress: (progress: DownloadProgress) => void;
  readonly signal: AbortSignal;
};
export type DeltaQuestion = Pick<
  MoveRequest,
  'feed' | 'target' | 'blockmap' | 'oldBlockmap' | 'basis' | 'signal'
>;

export type MoverParts = {
  /** Node's, an instance of builder-util-runtime's HttpExecutor. */
  readonly httpExecutor: unknown;
  readonly settings: () => Promise<Settings>;
  readonly isUnmetered: () => boolean;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
  readonly now: () => Date;
  /** Longest time without any byte; default 30 s. */
  readonly stallMs?: number;
};

export type Mover = {
  /** Downloads a verified target to `to`. After a failure that a retry may cure, the partial file stays. */
  fetch(request: MoveRequest): Promise<Outcome<Fetched>>;
  /**
   * Bytes that a delta would download, blockmaps included; null when unknown or not worth it. Downloads only the
   * blockmaps.
   */
  deltaSizeOf(question: DeltaQuestion): Promise<Outcome<number | null>>;
};
