import { constants } from 'node:http2';
import type { ServerHttp2Stream } from 'node:http2';
import { ResponderBuilder, ServerInterceptingCall, ServerListenerBuilder } from '@grpc/grpc-js';
import type { Metadata, ServerInterceptor } from '@grpc/grpc-js';
import { fault } from '../../../contract/faults/faults.ts';
import type { Fault } from '../../../contract/faults/faults.ts';
import type { AccessEntry, ByteBudget, Caller, HttpLimits, TokenBook } from '../server/index.ts';
import { tokenOf } from '../server/index.ts';
import { entryOf } from './entry.ts';
import type { Goaway } from './goaway.ts';
import { holdCall } from './held-calls.ts';
import { textOf } from './metadata.ts';
import { statusOf } from './status.ts';

export type Gate = {
  readonly interceptor: ServerInterceptor;
  /** Who asks, for a call that was let through. */
  callerOf(metadata: Metadata): Caller;
};

type Asked = { readonly tokens: TokenBook | null; readonly anyone: Caller };

/** Health checks need no token: load balancers have none. */
const openPaths = /^\/(?:grpc\.health\.v1\.Health\/|inference\.GRPCInferenceService\/Server(?:Live|Ready)$)/u;

/**
 * Looks at the token before a message is taken in, and ends calls whose message does not arrive in time. The token stands
 * in the metadata as `authorization: Bearer …`. Each call has its share of the memory for requests.
 */
export function openGate(
  options: Asked & {
    readonly limits: Pick<HttpLimits, 'receiveTimeoutMs'>;
    readonly budget: ByteBudget;
    readonly goaway: Goaway;
    readonly onAccess: (entry: AccessEntry) => void;
  },
): Gate {
  const callers = new WeakMap<Metadata, Caller>();
  const { limits, budget, goaway, onAccess } = options;
  const interceptor: ServerInterceptor = (method, call) => {
    let clock: NodeJS.Timeout | undefined;
    const begun = performance.now();
    const settle = goaway.begin(streamOf(call));
    const refuse = (why: Fault): void => {
      clearTimeout(clock);
      if (!held.end()) return;
      settle();
      call.sendStatus(statusOf(why));
      endStream(call);
      onAccess(entryOf({ path: method.path, request: {}, begun, program: null, why }));
    };
    const held = holdCall(call, { budget, longestMs: limits.receiveTimeoutMs }, refuse);
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        const caller = callerBy(method.path, metadata, options);
        if ('code' in caller) return refuse(caller);
        callers.set(metadata, caller);
        if (!method.requestStream)
          clock = setTimeout(
            () => refuse(fault('request-too-slow', { seconds: limits.receiveTimeoutMs / 1000 })),
            limits.receiveTimeoutMs,
          );
        next(metadata);
      })
      .withOnReceiveMessage((message, next) => {
        clearTimeout(clock);
        const why = held.take(message as object);
        if (why) refuse(why);
        else next(message);
      })
      .withOnCancel(() => clearTimeout(clock))
      .build();
    return new ServerInterceptingCall(
      call,
      new ResponderBuilder()
        .withStart((next) => next(listener))
        .withSendMessage((message, next) => {
          const why = held.answer(message as object);
          if (why) refuse(why);
          else next(message);
        })
        .withSendStatus((status, next) => {
          held.end();
          settle();
          next(status);
        })
        .build(),
    );
  };
  return { interceptor, callerOf: (metadata) => callers.get(metadata) ?? anonymous };
}

/** A refused request is not read; RST_STREAM(NO_ERROR) after the response tells the client so (RFC 9113, 8.1). */
function endStream(call: object): void {
  const stream = streamOf(call);
  setTimeout(() => stream.close(constants.NGHTTP2_NO_ERROR), lingerMs).unref();
}
const lingerMs = 500;

/** grpc-js sets `stream` at run time but does not declare it. */
const streamOf = (call: object): ServerHttp2Stream => (call as { readonly stream: ServerHttp2Stream }).stream;

/** A caller without a token learns nothing of any model. */
const anonymous: Caller = { program: 'no token', models: [], isControl: false };

function callerBy(path: string, metadata: Metadata, { tokens, anyone }: Asked): Caller | Fault {
  if (tokens === null) return anyone;
  const token = tokenOf({
    authorization: textOf(metadata, 'authorization'),
    'x-outpost-token': textOf(metadata, 'x-outpost-token'),
  });
  const known = token === null ? null : tokens.find(token);
  if (known) return known;
  if (openPaths.test(path)) return anonymous;
  return fault(token === null ? 'token-missing' : 'token-unknown');
}
