import { z } from 'zod';
import { DecodeWay } from '../../../contract/ids.ts';
import { BatchingParameters } from '../../../contract/serving/serving.ts';
import { wrongBind } from './bind.ts';

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const seconds = z.coerce.number().min(0).max(86_400);
/** YAML reads `8501` as a number. */
const text = z.preprocess((value) => (typeof value === 'number' ? String(value) : value), z.string());
const list = z.preprocess(
  (value) => {
    if (typeof value === 'number') return [value];
    return typeof value === 'string' ? value.split(',').filter((each) => each.trim() !== '') : value;
  },
  z.array(text.transform((one) => one.trim())),
);
const place = text.superRefine((value, context) => {
  const message = wrongBind(value);
  if (message !== null) context.addIssue({ code: 'custom', message });
});

/**
 * What `outpost serve` can be told, by its option, its line in the config file, or OUTPOST_… in the environment; in that
 * order. Words and meanings are gunicorn's where it has them. Times in seconds.
 */
export const ServeConfig = z.strictObject({
  /** Worker processes for each model; `auto` starts with one and grows to the cores while requests wait. */
  workers: z.union([z.literal('auto'), whole(1, 64)]).default('auto'),
  /** Fewest workers; between these and `workers` their number follows waits and memory. */
  'min-workers': whole(1, 64).optional(),
  /** Threads of one worker. */
  threads: z.union([z.literal('auto'), whole(1, 256)]).default('auto'),
  /**
   * `in-process`: models run where requests arrive; `isolated`: in processes of their own, so that a crash takes no connection along;
   * `auto`: the first, where it works.
   */
  inference: z.enum(['auto', 'in-process', 'isolated']).default('auto'),
  /** Longest time for one answer; the worker that takes longer is ended. */
  timeout: seconds.default(300),
  bind: place.default('127.0.0.1:8501'),
  'grpc-bind': place.optional(),
  /** What is under way when the server is told to end has this long. */
  'graceful-timeout': seconds.default(30),
  'max-requests': whole(0, 1_000_000_000).default(0),
  'max-requests-jitter': whole(0, 1_000_000_000).default(0),
  'keep-alive': seconds.default(75),
  /** A whole request has to be there in this time. */
  'receive-timeout': seconds.default(30),
  'max-body': text.default('64mb'),
  /** What all requests and answers under way may hold together; beyond it 503. */
  'request-memory': text.default('auto'),
  /** Requests that may wait; beyond them 503. */
  backlog: whole(1, 1_000_000).default(2048),
  /** A request that would wait longer gets 503 at once. */
  'max-wait': seconds.default(20),
  'token-file': text.optional(),
  'allowed-host': list.default([]),
  'cors-origin': list.default([]),
  /** Models that are loaded before the server says it is ready: ids, `all` or `none`. */
  load: list.default(['all']),
  /** Models that are in memory at the same time; beyond them the one that was asked longest ago makes room. */
  'max-loaded': whole(1, 10_000).default(64),
  /** Models of at most this size share worker processes; 0 gives each its own. */
  'shared-below': text.default('4mb'),
  /** Models whose tensor requests are answered from the store when they were answered before: ids, or `all`. */
  cache: list.default([]),
  /** `fast` opens large JPEGs at a smaller size: sooner, and scores move a little. */
  decode: DecodeWay.default('exact'),
  /** Whoever may ask may load and unload models too. */
  control: z.stringbool().or(z.boolean()).default(false),
  /** Name of a bare ONNX file in a `--models` folder. */
  'model-name': z.string().min(1).max(255).optional(),
  /** Config file only. */
  batching: z.record(z.string().min(1).max(255), BatchingParameters).default({}),
});
export type ServeConfig = z.infer<typeof ServeConfig>;
type ServeKey = keyof ServeConfig;
export const serveKeys = Object.keys(ServeConfig.shape) as ServeKey[];

/** `64mb`, `512kb`, `1gb` or plain bytes; null for anything else. */
export function bytesOf(text: string): number | null {
  const match = /^(\d+)\s*(b|kb|mb|gb)?$/iu.exec(text.trim());
  if (!match) return null;
  const unit = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 }[(match[2] ?? 'b').toLowerCase()] ?? 1;
  return Number(match[1]) * unit;
}
