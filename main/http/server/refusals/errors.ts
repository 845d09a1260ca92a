import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fault } from '../../../../contract/faults/faults.ts';
import type { Fault } from '../../../../contract/faults/faults.ts';
import { clientReason } from '../../../../contract/faults/reasons.ts';
import { stackOf } from '../../../lib/error-text.ts';
import type { HttpServerOptions } from '../types.ts';
import type { UnknownRoutes } from './not-found.ts';
import { Refused, refuse } from './refuse.ts';

/** Each error that a route or Fastify threw, as a fault; what is nobody's fault but ours is told to the log only. */
export function answerErrors(
  app: FastifyInstance,
  { log, unknown }: { readonly log: HttpServerOptions['log']; readonly unknown: UnknownRoutes['answer'] },
): void {
  app.setErrorHandler((error, request, reply) => {
    // Fastify reads what came with a request before it says that there is no such route.
    if (request.is404 && !(error instanceof Refused)) return unknown(request, reply);
    const why = faultOf(error);
    if (why.code === 'internal')
      log('error', `${request.method} ${request.url.slice(0, 200)}: ${stackOf(error)}`);
    return refuse(reply, why);
  });
}

/** An address that cannot be read, before any route is known. */
export function answerBadUrl(_error: Error, _request: FastifyRequest, reply: FastifyReply): void {
  const reason = 'its escapes are wrong, or a part of it is too long';
  refuse(reply, fault('request-malformed', { what: 'The path', reason }));
}

function faultOf(error: unknown): Fault {
  if (error instanceof Refused) return error.fault;
  const { statusCode = 500, message = '' } = error as { statusCode?: number; message?: string };
  if (statusCode === 415)
    return fault('media-type-unsupported', {
      type: 'of this request',
      accepted: 'one that the standard knows, as in application/json',
    });
  if (statusCode < 500)
    return fault('request-malformed', { what: 'The request', reason: message.replace(/\.$/u, '') });
  return fault('internal', { reason: clientReason('the log says more') });
}
