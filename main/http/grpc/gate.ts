import { ResponderBuilder, ServerInterceptingCall, ServerListenerBuilder } from '@grpc/grpc-js';
import type { Metadata, ServerInterceptor } from '@grpc/grpc-js';
import { fault } from '../../../contract/faults.ts';
import type { Fault } from '../../../contract/faults.ts';
import type { Caller, HttpLimits, TokenBook } from '../context.ts';
import { statusOf } from './status.ts';

export type Gate = {
  readonly interceptor: ServerInterceptor;
  /** Who asks, for a call that was let through. */
  callerOf(metadata: Metadata): Caller;
};

/** Whether the server and its models are there may be asked without a token, as load balancers do. */
const openPaths = /^\/(?:grpc\.health\.v1\.Health\/|inference\.GRPCInferenceService\/Server(?:Live|Ready)$)/u;

/**
 * Looks at the token before a message is taken in, and ends calls whose message does not arrive in time. The token stands
 * in the metadata as `authorization: Bearer …`.
 */
export function openGate(options: {
  readonly tokens: TokenBook | null;
  readonly anyone: Caller;
  readonly limits: Pick<HttpLimits, 'receiveTimeoutMs'>;
}): Gate {
  const callers = new WeakMap<Metadata, Caller>();
  const { anyone, limits } = options;
  const interceptor: ServerInterceptor = (method, call) => {
    let clock: NodeJS.Timeout | undefined;
    const refuse = (why: Fault): void => {
      clearTimeout(clock);
      call.sendStatus(statusOf(why));
    };
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        const caller = openPaths.test(method.path) ? anyone : callerBy(options.tokens, anyone, metadata);
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
        next(message);
      })
      .withOnCancel(() => clearTimeout(clock))
      .build();
    return new ServerInterceptingCall(
      call,
      new ResponderBuilder().withStart((next) => next(listener)).build(),
    );
  };
  return { interceptor, callerOf: (metadata) => callers.get(metadata) ?? nobody };
}

const nobody: Caller = { program: 'nobody', models: [], isControl: false };

function callerBy(tokens: TokenBook | null, anyone: Caller, metadata: Metadata): Caller | Fault {
  if (tokens === null) return anyone;
  const [value] = metadata.get('authorization');
  const token = typeof value === 'string' ? /^bearer +(\S+)$/iu.exec(value.trim())?.[1] : undefined;
  if (token === undefined) return fault('token-missing');
  return tokens.find(token) ?? fault('token-unknown');
}
