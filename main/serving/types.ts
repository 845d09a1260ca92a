import type { Fault, FaultCode, Outcome } from '../../contract/faults/faults.ts';
import type { DecodeWay, Digest } from '../../contract/ids.ts';
import type { PredictionRecord } from '../../contract/runs/prediction.ts';
import type {
  BatchingParameters,
  ClientName,
  Served,
  ServedVersion,
} from '../../contract/serving/serving.ts';
import type { TensorBytes } from '../../contract/tensors/tensor.ts';
import type { Engine, PoolsStatus } from '../engine/index.ts';
import type { Library } from '../packs/index.ts';
import type { ModelAsk } from '../../contract/serving/find-served.ts';

/** What serving needs of the opened engine. */
export type ServingParts = {
  readonly engine: Engine;
  readonly library: Library;
  /** Reads the packs on disk anew. */
  rescan(): Promise<void>;
};

type Asked = {
  readonly served: ServedVersion;
  readonly client: ClientName;
  readonly priority?: 'interactive' | 'batch';
  /** Milliseconds from now after which the result is not wanted: `deadline-exceeded`, before the queue, in it, or behind it. */
  readonly deadlineMs?: number;
  /** Fires when the client has disconnected: what has not begun is cancelled. */
  readonly signal?: AbortSignal;
};
export type InferRequest = Asked & {
  /** One per input of the graph, exactly; shapes and sizes are checked again by the engine. */
  readonly tensors: readonly TensorBytes[];
  /** Names; absent is all, in the order of the graph. */
  readonly outputs?: readonly string[];
};
export type InferNow = (request: Omit<InferRequest, 'served' | 'signal'>) => InferResult | null;
export type InferResult = {
  readonly tensors: readonly TensorBytes[];
  readonly queueMs: number;
  readonly runMs: number;
  readonly batchRows: number;
};
export type PictureRequest = Asked & {
  /** The encoded file: JPEG, PNG, WebP, TIFF, GIF, AVIF, BMP. */
  readonly bytes: Uint8Array;
  /** Of the bytes, where it is known. */
  readonly digest?: Digest | null;
  /** What stands in the record as `input`. */
  readonly name: string;
  readonly top?: number;
  readonly embedding?: boolean;
  readonly useCache?: boolean;
  /** Absent: as the server's options have it. */
  readonly decode?: DecodeWay;
  /** Looks at tiles of a large photo as well; `task-mismatch` where the model's task does not. */
  readonly thorough?: boolean;
};

export type ServingStatus = PoolsStatus;

/** A model that is to be loaded and does not answer: it is loading, or this fault keeps it from it. */
export type Unready = { readonly model: string; readonly state: 'loading' | FaultCode };

/** What every protocol asks, of the one engine that stands behind it: with workers in processes of their own, or in an HTTP worker with the models themselves. */
export type Serving = {
  /** Every version that may be called, by id, newest first. */
  catalogue(): readonly ServedVersion[];
  /** Faults: `model-not-found`, `version-not-found`. */
  find(ask: ModelAsk): Outcome<ServedVersion>;
  infer(request: InferRequest): Promise<Outcome<InferResult>>;
  /**
   * For a quick model that runs in this process and is free, what does the same within one call; it gives null, and counts nothing, where
   * `infer` has to be asked after all. Null for any other model.
   */
  quick(served: ServedVersion): InferNow | null;
  picture(request: PictureRequest): Promise<Outcome<PredictionRecord>>;
  /** Counts a request that a protocol refused before it could be asked: what came does not fit the model. */
  refused(served: ServedVersion, client: ClientName, why: Fault): void;
  /** Names of the labels, by index. */
  labels(served: ServedVersion): Promise<readonly string[]>;
  /** Loads its workers; a model that was unloaded answers again. */
  load(served: ServedVersion): Promise<Outcome<void>>;
  /** Ends its workers; requests get `model-unloaded` until it is loaded again. Absent version: all of the model's. */
  unload(id: string): Promise<Outcome<void>>;
  /** True when every model that is to be loaded was, and none of them is set aside. */
  isReady(): boolean;
  /** Which of them are in the way. */
  unready(): readonly Unready[];
  status(): ServingStatus;
  /** As many requests wait as may. */
  isFull(): boolean;
  /** One worker more or fewer, never below one (SIGTTIN, SIGTTOU). */
  resize(by: 1 | -1): void;
  batching(id: string): BatchingParameters;
  /** Each request's end, once. */
  onServed(listener: (served: Served) => void): () => void;
};
