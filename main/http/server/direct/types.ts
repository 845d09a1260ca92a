import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { ServedVersion } from '../../../../contract/serving/serving.ts';
import type { InferNow, InferResult } from '../../../serving/index.ts';
import type { Share } from '../budget/index.ts';
import type { Caller } from '../context.ts';

/** A version, and its quick way to be asked. */
export type DirectVersion = { readonly served: ServedVersion; readonly infer: InferNow };
export type DirectRequest = DirectVersion & {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly share: Share;
};
export type DirectReply =
  | {
      readonly kind: 'written';
      readonly type: string;
      /** One further header, its name before its value. */
      readonly header?: readonly [name: string, value: string];
      /** The body; bytes that are not text as the characters that `latin1` makes of them. */
      readonly text: string;
      readonly encoding: 'utf8' | 'latin1';
    }
  /** For the routes; `result` where the model ran. */
  | { readonly kind: 'routes'; readonly result: InferResult | null };
/** A model as one path asks for it. */
export type DirectModel = {
  /** As the path names it. */
  readonly name: string;
  /** The version that is meant, where this caller may ask for it and it answers at once; else null. */
  find(caller: Caller): DirectVersion | null;
  reply(request: DirectRequest): DirectReply;
};
/** What a path of a protocol asks; null where that is for the routes. */
export type DirectRoute = (path: string) => DirectModel | null;
/** A request that is left to Node's server; `result` where the model ran for it. */
export type Unanswered = { readonly result: InferResult | null };
export type RepeatParts = {
  /** Whether the next request is for Node's server in any case. */
  readonly isPaused: (socket: Socket) => boolean;
  /** Null where it was answered. */
  readonly answer: (asked: Asked, body: Buffer) => Unanswered | null;
};
/** What a request asks before its body is read, and so does every other one with the same head. */
export type Asked = {
  readonly model: DirectModel;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly socket: Socket;
};
