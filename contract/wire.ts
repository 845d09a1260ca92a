import type { Fault } from './faults.ts';
import type { DecodeWay, Provider } from './ids.ts';
import type { Labels } from './labels.ts';
import type { PostprocessingStep, Result, ResultRequest, TaskId } from './tasks/index.ts';
import type { PreprocessingStep } from './picture-steps.ts';
import type { PreparedPhoto } from './pack-build.ts';
import type { ElementType, TensorSpec } from './tensor.ts';

/*
 * The language between the engine and an inference worker. One local socket per worker; each frame is
 *
 *   uint32 LE  bytes of the rest of this frame
 *   uint32 LE  bytes of the JSON message
 *   …          the message, UTF-8 JSON, with `blobs: number[]` giving the byte length of each blob behind it
 *   …          the blobs, one after the other
 *
 * Frames of one turn of the event loop go out in one write. A worker answers every message that carries an `id` exactly
 * once with the same `id`; the engine throws the socket away with the process after a timeout, so a late answer has nowhere to go.
 */

/** Everything a worker needs for one model file; nothing more is read from the pack. */
export type LoadSpec = {
  readonly modelFile: string;
  readonly provider: Provider;
  /** Intra-op threads of the session. */
  readonly threads: number;
  /** How inputs are answered, beside raw tensors. */
  readonly task: TaskId;
  /** As the manifest lists them. */
  readonly outputs: readonly TensorSpec[];
  readonly preprocessing: readonly PreprocessingStep[];
  readonly postprocessing: readonly PostprocessingStep[];
  readonly labels: Labels;
  readonly embedding: string | null;
  /** Score from which on an entry counts, where the pack says one. */
  readonly threshold?: number;
  /** Absent: no input and no output is bfloat16. */
  readonly hasBfloat16?: true;
};

/** Models that answer together, each in its role, in one worker. */
export type JoinedSpec = Pick<LoadSpec, 'task' | 'provider' | 'postprocessing' | 'threshold'> & {
  /** What faults call it. */
  readonly name: string;
  readonly parts: readonly { readonly role: string; readonly spec: LoadSpec }[];
};

/** A picture to answer: a file that the worker reads itself, or a blob that came with the message. */
export type PictureSource =
  { readonly kind: 'file'; readonly path: string } | { readonly kind: 'blob'; readonly blob: number };

/** An input in its file; `name` is what faults call it. */
export type FileInput = { readonly name: string; readonly source: PictureSource };

/** What tells a file's content from that before a change; the last two are decimal 64-bit numbers (nanoseconds since 1970, inode). */
export type WireFileIdentity = { readonly size: number; readonly mtimeNs: string; readonly inode: string };

/** A tensor whose bytes are blob number `blob`. */
export type WireTensor = {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly blob: number;
};

export type ToWorker =
  /** `model`, here and below: which of the worker's models; absent for one that holds no other. */
  | {
      readonly kind: 'load';
      readonly id: number;
      readonly model?: number;
      readonly spec: LoadSpec | JoinedSpec;
    }
  | {
      /** An input as a person or a program has it, answered by the model's task. */
      readonly kind: 'infer';
      readonly id: number;
      readonly model?: number;
      readonly input: FileInput;
      /** SHA-256 of a blob where the engine has it already; absent: the worker takes it. */
      readonly digest?: string;
      readonly request: ResultRequest;
      /** Absent: exact. */
      readonly decode?: DecodeWay;
      /** Tiles of a large photo are looked at as well. */
      readonly thorough?: true;
    }
  | {
      readonly kind: 'run';
      readonly id: number;
      readonly model?: number;
      readonly tensors: readonly WireTensor[];
    }
  /** Picture scaled to fit `edge` × `edge` device pixels, as JPEG in blob 0. Needs no model. */
  | {
      readonly kind: 'thumbnail';
      readonly id: number;
      readonly name: string;
      readonly source: PictureSource;
      readonly edge: number;
    }
  /** A picture as these steps would make it for a model. Needs no model. */
  | {
      readonly kind: 'prepare';
      readonly id: number;
      readonly name: string;
      readonly source: PictureSource;
      readonly steps: readonly PreprocessingStep[];
    }
  | { readonly kind: 'ping'; readonly id: number }
  /** Nothing more is asked of this model: its memory is given back. */
  | { readonly kind: 'unload'; readonly model: number }
  /** Give up what has not begun; answers `cancelled` for it. */
  | { readonly kind: 'cancel'; readonly target: number }
  /** Finish what has begun, then end with exit code 0. */
  | { readonly kind: 'drain' };

export type WireTensorSpec = {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly (number | string)[];
};

export type FromWorker =
  | {
      readonly kind: 'hello';
      readonly token: string;
      readonly pid: number;
      readonly onnxruntime: string;
      readonly decoder: 'sharp' | 'wasm-vips';
    }
  | {
      readonly kind: 'loaded';
      readonly id: number;
      readonly inputs: readonly WireTensorSpec[];
      readonly outputs: readonly WireTensorSpec[];
      readonly loadMs: number;
    }
  /** `digest` is of the very bytes that were decoded; `file` is what they were read from, absent for a blob. */
  | {
      readonly kind: 'inferred';
      readonly id: number;
      readonly digest: string;
      readonly sizeBytes: number;
      readonly file?: WireFileIdentity;
      readonly result: Result;
      readonly decodeMs: number;
      readonly runMs: number;
    }
  | {
      readonly kind: 'ran';
      readonly id: number;
      readonly tensors: readonly WireTensor[];
      readonly runMs: number;
      /** Parts of `runMs`: from bytes to values of the runtime, and back. */
      readonly inputMs: number;
      readonly outputMs: number;
    }
  | {
      readonly kind: 'thumbnailed';
      readonly id: number;
      readonly width: number;
      readonly height: number;
      readonly sourceWidth: number;
      readonly sourceHeight: number;
    }
  /** Pixels in blob 0, RGB, 8 bits, row by row, as they are before they are scaled. */
  | ({ readonly kind: 'prepared'; readonly id: number } & Omit<PreparedPhoto, 'pixels'>)
  | { readonly kind: 'pong'; readonly id: number; readonly rssBytes: number }
  | { readonly kind: 'failed'; readonly id: number; readonly fault: Fault }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly text: string };

/** How a worker learns where to connect: these two environment variables, whoever starts it. */
export const workerEnv = { socket: 'OUTPOST_WORKER_SOCKET', token: 'OUTPOST_WORKER_TOKEN' } as const;
