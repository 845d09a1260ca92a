import type { Fault } from '../../../contract/faults.ts';
import type { PredictionRecord } from '../../../contract/prediction.ts';
import type { BatchingParameters, ClientName, Served, ServedVersion } from '../../../contract/serving.ts';
import type { WireTensor } from '../../../contract/wire.ts';
import type {
  InferAnswer,
  InferRequest,
  PictureRequest,
  ServingStatus,
  Unready,
} from '../../serving/index.ts';
import type { AccessEntry, Caller, HttpLimits } from '../server/context.ts';
import type { HttpServerOptions } from '../server/types.ts';

/*
 * The messages between the engine's process and a front: the frames of main/lib/frames.ts over one
 * local socket per front, with the bytes of tensors and photos as blobs. The engine replies
 * once to every message of a front that carries an `id`.
 */

/** Environment variables that start a process as a front: where it connects, and its token. */
export const frontEnv = { socket: 'OUTPOST_FRONT_SOCKET', token: 'OUTPOST_FRONT_TOKEN' } as const;

/** What of the server's options goes to another process, which reads the token file itself. */
export type FrontOptions = Pick<
  HttpServerOptions,
  'appVersion' | 'bind' | 'anyone' | 'allowedHosts' | 'corsOrigins'
> & { readonly limits: Partial<HttpLimits>; readonly tokenFile: string | null };

type Infer = Omit<InferRequest, 'served' | 'tensors' | 'signal'>;
type Picture = Omit<PictureRequest, 'served' | 'bytes' | 'signal'>;
export type ToEngine =
  | { readonly kind: 'hello'; readonly token: string; readonly pid: number }
  | { readonly kind: 'listening'; readonly address: string }
  | { readonly kind: 'not-listening'; readonly fault: Fault }
  | {
      readonly kind: 'infer';
      readonly id: number;
      readonly ref: string;
      readonly how: Infer;
      readonly tensors: readonly WireTensor[];
    }
  /** The photo is blob 0. */
  | { readonly kind: 'picture'; readonly id: number; readonly ref: string; readonly how: Picture }
  | { readonly kind: 'labels' | 'load'; readonly id: number; readonly ref: string }
  | { readonly kind: 'refused'; readonly ref: string; readonly client: ClientName; readonly fault: Fault }
  | { readonly kind: 'unload'; readonly id: number; readonly model: string }
  | { readonly kind: 'metrics'; readonly id: number; readonly caller: Caller }
  | { readonly kind: 'cancel'; readonly target: number }
  | { readonly kind: 'resize'; readonly by: 1 | -1 }
  /** Requests that this front answered since the last time. */
  | { readonly kind: 'access'; readonly entries: readonly AccessEntry[] }
  | { readonly kind: 'ended' };

/** State of the engine that is pushed to each front, so that most requests need no round trip. */
export type Known = {
  readonly catalogue: readonly ServedVersion[];
  readonly isReady: boolean;
  readonly unready: readonly Unready[];
  readonly status: ServingStatus;
  readonly batching: Readonly<Record<string, BatchingParameters>>;
};
export type ToFront =
  | { readonly kind: 'listen'; readonly options: FrontOptions; readonly known: Known }
  | { readonly kind: 'known'; readonly known: Known }
  | { readonly kind: 'served'; readonly served: readonly Served[] }
  | { readonly kind: 'failed'; readonly id: number; readonly fault: Fault }
  | {
      readonly kind: 'inferred';
      readonly id: number;
      readonly times: Omit<InferAnswer, 'tensors'>;
      readonly tensors: readonly WireTensor[];
    }
  | { readonly kind: 'record'; readonly id: number; readonly record: PredictionRecord }
  | { readonly kind: 'labels'; readonly id: number; readonly labels: readonly string[] }
  | { readonly kind: 'done'; readonly id: number }
  | { readonly kind: 'metrics'; readonly id: number; readonly type: string; readonly text: string }
  /** Read the token file again. */
  | { readonly kind: 'tokens' }
  /** Finish within the time, then send `ended`. */
  | { readonly kind: 'end'; readonly graceMs: number };
