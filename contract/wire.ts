import type { Camera } from './pictures/camera.ts';
import type { Fault } from './faults/faults.ts';
import type { CopyRequest } from './pictures/picture-copy.ts';
import type { DecodeWay, Provider } from './ids.ts';
import type { Labels } from './packs/labels.ts';
import type { PostprocessingStep, Result, ResultRequest, TaskId } from './tasks/index.ts';
import type { PreprocessingStep } from './packs/picture-steps.ts';
import type { PreparedPhoto } from './packs/pack-build.ts';
import type { ElementType, TensorBytes, TensorSpec } from './tensors/tensor.ts';

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

/** Everything a worker needs for one model file; it reads nothing else from the pack. */
export type LoadSpec = {
  readonly modelFile: string;
  readonly provider: Provider;
  /** Intra-op threads of the session. */
  readonly threads: number;
  /** The task that answers inputs other than raw tensors. */
  readonly task: TaskId;
  /** As listed in the manifest: raw tensors have these types, whichever float types the variant's graph has. */
  readonly inputs?: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** The first dimension of each tensor counts rows, of which there may be fewer than a graph takes at a time. */
  readonly hasRows?: true;
  readonly preprocessing: readonly PreprocessingStep[];
  readonly postprocessing: readonly PostprocessingStep[];
  readonly labels: Labels;
  readonly embedding: string | null;
  /** Score threshold of the pack, if it has one. */
  readonly threshold?: number;
  /** Absent: no input or output is bfloat16. */
  readonly hasBfloat16?: true;
  /** Where models lie whose weights several processes map; absent: this process has its own. */
  readonly mappedFolder?: string;
};

/** Models of a composed pack, each in its role, in one worker. */
export type JoinedSpec = Pick<LoadSpec, 'task' | 'provider' | 'postprocessing' | 'threshold'> & {
  /** Its name in faults. */
  readonly name: string;
  readonly parts: readonly { readonly role: string; readonly spec: LoadSpec }[];
};

/** A picture: a file that the worker reads, or a blob of the message. */
export type PictureSource =
  { readonly kind: 'file'; readonly path: string } | { readonly kind: 'blob'; readonly blob: number };

/** An input file; `name` is its name in faults. */
type FileInput = { readonly name: string; readonly source: PictureSource };

/** Detects whether a file has changed; the last two are decimal 64-bit numbers (nanoseconds since 1970, inode). */
export type WireFileIdentity = { readonly size: number; readonly mtimeNs: string; readonly inode: string };

/** A tensor whose bytes are blob number `blob`. */
type WireTensor = {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly blob: number;
};

export type ToWorker =
  /** `model`, here and below: index of the worker's model; absent for a worker with a single one. */
  | {
      readonly kind: 'load';
      readonly id: number;
      readonly model?: number;
      readonly spec: LoadSpec | JoinedSpec;
    }
  | {
      /** An input that the model's task preprocesses. */
      readonly kind: 'infer';
      readonly id: number;
      readonly model?: number;
      readonly input: FileInput;
      /** SHA-256 of a blob if the engine knows it; absent: the worker computes it. */
      readonly digest?: string;
      readonly request: ResultRequest;
      /** Absent: exact. */
      readonly decode?: DecodeWay;
      /** Also runs tiles of a large photo. */
      readonly thorough?: true;
    }
  | {
      readonly kind: 'run';
      readonly id: number;
      readonly model?: number;
      readonly tensors: readonly WireTensor[];
    }
  /** A picture scaled to fit `edge` × `edge` device pixels, as JPEG in blob 0. Needs no model. */
  | {
      readonly kind: 'thumbnail';
      readonly id: number;
      readonly name: string;
      readonly source: PictureSource;
      readonly edge: number;
    }
  /** A copy of a picture in blob 0. Needs no model. */
  | {
      readonly kind: 'copy';
      readonly id: number;
      readonly name: string;
      readonly source: PictureSource;
      readonly request: CopyRequest;
    }
  /** A picture after these preprocessing steps. Needs no model. */
  | {
      readonly kind: 'prepare';
      readonly id: number;
      readonly name: string;
      readonly source: PictureSource;
      readonly steps: readonly PreprocessingStep[];
    }
  | { readonly kind: 'ping'; readonly id: number }
  /** Releases a model that is no longer used. */
  | { readonly kind: 'unload'; readonly model: number }
  /** Cancels a request that has not started; its reply is the fault `cancelled`. */
  | { readonly kind: 'cancel'; readonly target: number }
  /** Finishes the requests in progress, then exits with code 0. */
  | { readonly kind: 'drain' };

export type WireTensorSpec = {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly (number | string)[];
};

/** Milliseconds of a run: all of it, and of that the conversion of bytes to values of the runtime, and back. */
type RunTimes = { readonly runMs: number; readonly inputMs: number; readonly outputMs: number };
/** What a run of a session gave. */
export type SessionRun = RunTimes & { readonly tensors: readonly TensorBytes[] };

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
  /** `digest` is that of the decoded bytes; `file` is the file they were read from, absent for a blob. */
  | {
      readonly kind: 'inferred';
      readonly id: number;
      readonly digest: string;
      readonly sizeBytes: number;
      readonly file?: WireFileIdentity;
      /** What the picture says of its camera; absent where it says nothing. */
      readonly camera?: Camera;
      readonly result: Result;
      readonly decodeMs: number;
      readonly runMs: number;
    }
  | ({ readonly kind: 'ran'; readonly id: number; readonly tensors: readonly WireTensor[] } & RunTimes)
  | {
      readonly kind: 'thumbnailed';
      readonly id: number;
      readonly width: number;
      readonly height: number;
      readonly sourceWidth: number;
      readonly sourceHeight: number;
    }
  | { readonly kind: 'copied'; readonly id: number }
  /** Unscaled pixels in blob 0, 8-bit RGB, row by row. */
  | ({ readonly kind: 'prepared'; readonly id: number } & Omit<PreparedPhoto, 'pixels'>)
  | { readonly kind: 'pong'; readonly id: number; readonly rssBytes: number }
  | { readonly kind: 'failed'; readonly id: number; readonly fault: Fault }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly text: string };

/** Environment variables that tell a worker where to connect. */
export const workerEnv = { socket: 'OUTPOST_WORKER_SOCKET', token: 'OUTPOST_WORKER_TOKEN' } as const;
