import type { Outcome } from '../../../contract/faults.ts';
import type { Settings } from '../../../contract/settings.ts';
import type { DownloadProgress } from '../../../contract/update.ts';
import type { DeltaBasis, Fetched } from '../types.ts';
import type { Target, TargetPlace } from '../sources/source.ts';

/** A file of verified metadata and where its bytes lie. `sha512` in hexadecimal; null where the metadata has none. */
export type MoveTarget = Target & { readonly sha512: string | null; readonly place: TargetPlace };

export type MoveRequest = {
  /** Address, folder name or file name of the feed, for messages. */
  readonly feed: string;
  readonly model: string;
  readonly version: string;
  readonly target: MoveTarget;
  readonly blockmap: MoveTarget | null;
  /** Of the basis, as the feed has it; without it the map is made from the basis itself. */
  readonly oldBlockmap: MoveTarget | null;
  readonly basis: DeltaBasis | null;
  /** The whole file lies here in the end, and what is there of it beside, as `.partial`. */
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
  /** Node's; an instance of builder-util-runtime's HttpExecutor. */
  readonly httpExecutor: unknown;
  readonly settings: () => Promise<Settings>;
  readonly isUnmetered: () => boolean;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
  readonly now: () => Date;
  /** How long nothing may come; 30 s. */
  readonly stallMs?: number;
};

export type Mover = {
  /** Moves a verified target to `to`. A failure that a later try may mend leaves what was fetched for it. */
  fetch(request: MoveRequest): Promise<Outcome<Fetched>>;
  /** Bytes that a delta would move, maps included; null when that is unknown or not worth it. Moves the maps alone. */
  deltaSizeOf(question: DeltaQuestion): Promise<Outcome<number | null>>;
};
