import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fault } from '../../../../contract/faults/faults.ts';
import type { Fault } from '../../../../contract/faults/faults.ts';
import { consentPath } from '../consent/index.ts';
import type { Caller } from '../context.ts';
import type { HttpServerOptions } from '../types.ts';
import { refuse } from '../refusals/refuse.ts';
import { answerPreflight, isAllowedOrigin, isPreflight, shareWith } from './cors.ts';
import { hostCheck } from './host.ts';
import { tokenOf } from './token.ts';

type GateOptions = Pick<HttpServerOptions, 'tokens' | 'anyone' | 'allowedHosts' | 'corsOrigins' | 'bind'> & {
  readonly maxBodyBytes: number;
};

type Head = Pick<IncomingMessage, 'headers' | 'socket'>;

export type Gate = {
  /** Why a request may not even ask: its host, or its origin. */
  refusal(request: Head, path: string): Fault | null;
  /** Whether pages of this origin are answered with what lets them read it. */
  isShared(origin: string): boolean;
  /** Who asks; or why not: the token, or the size that was announced. */
  callerOf(request: Head, path: string): Caller | Fault;
};

/**
 * Host, origin, announced size and token of a request, before its body is read; synchronous. The host is checked where nobody needs a
 * token: a page that was rebound to this computer has none. Asking a person for one is checked always.
 */
export function createGate(options: GateOptions): Gate {
  const { tokens, anyone, maxBodyBytes } = options;
  const isKnownHost = hostCheck(options.bind, options.allowedHosts);
  // No browser leaves the host out; load balancers that speak HTTP/1.0 do when they ask whether a server is there.
  const isHostRight = (path: string, host: string | undefined, socket: Socket): boolean =>
    host
      ? isKnownHost(host, socket)
      : socket.localPort === undefined || (open.has(path) && path !== consentPath);
  const origins = new Set(options.corsOrigins.map((origin) => origin.replace(/\/$/u, '')));
  return {
    refusal: ({ headers: { host, origin }, socket }, path) => {
      if ((tokens === null || path === consentPath) && !isHostRight(path, host, socket))
        return fault('host-not-allowed', { host: host?.slice(0, 200) || 'without a name' });
      return origin === undefined || isAllowedOrigin(origin, host, origins)
        ? null
        : fault('origin-not-allowed', { origin: origin.slice(0, 200) });
    },
    isShared: (origin) => origins.has(origin),
    callerOf: ({ headers }, path) => {
      const caller = tokens === null ? anyone : holderOf(headers, path, tokens);
      const isTooLarge = !('code' in caller) && Number(headers['content-length'] ?? 0) > maxBodyBytes;
      return isTooLarge ? fault('body-too-large', { limit: maxBodyBytes }) : caller;
    },
  };
}

/** Before any route runs. */
export function installGate(app: FastifyInstance, gate: Gate): void {
  // The gate sets it before any route runs; a request that it refused has none.
  app.decorateRequest('caller', null as unknown as Caller);
  app.decorateRequest('askedModel', null);
  app.decorateRequest('refusal', null);
  app.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
    const { raw } = request;
    const { origin } = request.headers;
    const path = request.url.split('?', 1)[0]!;
    const why = gate.refusal(raw, path);
    if (why) return void refuse(reply, why);
    if (origin !== undefined && gate.isShared(origin)) {
      shareWith(reply, origin);
      if (isPreflight(request)) return answerPreflight(request, reply);
    }
    const caller = gate.callerOf(raw, path);
    if ('code' in caller) return void refuse(reply, caller);
    request.caller = caller;
    done();
  });
}

/** What says nothing of models, and what a program needs before it has a token. */
const open = new Set([
  '/',
  '/livez',
  '/readyz',
  '/healthz',
  '/v2/health/live',
  '/v2/health/ready',
  '/openapi.json',
  '/docs',
  consentPath,
]);
const anonymous: Caller = { program: 'no token', models: [], isControl: false };

function holderOf(
  headers: IncomingHttpHeaders,
  path: string,
  tokens: NonNullable<GateOptions['tokens']>,
): Caller | Fault {
  const token = tokenOf(headers);
  const known = token === null ? null : tokens.find(token);
  if (known) return known;
  if (open.has(path) || path.startsWith('/docs/')) return anonymous;
  return fault(token === null ? 'token-missing' : 'token-unknown');
}
