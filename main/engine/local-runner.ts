import type { Outcome } from '../../contract/faults/faults.ts';
import type { TensorBytes } from '../../contract/tensors/tensor.ts';
import type { FromWorker, SessionRun, ToWorker } from '../../contract/wire.ts';
import type { Frame } from '../lib/frames.ts';

export type LocalRunner = {
  /** `client`: the signal of who asked alone, by which a host knows the connection. */
  readonly handle: (frame: Frame<ToWorker>, client?: AbortSignal) => void;
  /** What the message `run` asks, within this call, whatever else waits. Null while no model is loaded, or where the message is needed. */
  readonly run: (tensors: readonly TensorBytes[]) => Outcome<SessionRun> | null;
};

/**
 * What a worker process runs, in this process: it takes the messages of contract/wire.ts and answers by `send`. `onDrained`
 * fires when a drain is over; `model` is what a log calls what it will hold.
 */
export type OpenRunner = (
  send: (message: FromWorker, blobs?: readonly Uint8Array[]) => void,
  onDrained: () => void,
  model: string,
) => LocalRunner;

export type LocalLinkParts = {
  readonly openRunner: OpenRunner;
  /** Where models lie whose weights processes like this one map. */
  readonly mappedFolder?: string;
  /** A request's clock ran out though the event loop is free. Only the end of this process ends what hangs. */
  readonly onLate: (model: string) => void;
};
