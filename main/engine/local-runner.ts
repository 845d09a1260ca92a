import type { FromWorker, ToWorker } from '../../contract/wire.ts';
import type { Frame } from '../lib/frames.ts';

/**
 * What a worker process runs, in this process: it takes the messages of contract/wire.ts and answers by `send`. `onDrained`
 * fires when a drain is over; `model` is what a log calls what it will hold.
 */
export type OpenRunner = (
  send: (message: FromWorker, blobs?: readonly Uint8Array[]) => void,
  onDrained: () => void,
  model: string,
) => { readonly handle: (frame: Frame<ToWorker>) => void };

export type LocalLinkParts = {
  readonly openRunner: OpenRunner;
  /** A request's clock ran out though the event loop is free. Only the end of this process ends what hangs. */
  readonly onLate: (model: string) => void;
};
