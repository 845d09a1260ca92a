import type { FastifyInstance } from 'fastify';
import type { AccessEntry } from './context.ts';
import { handedOver } from './direct/handed-over.ts';
import { statusOf } from './exchange-status.ts';

/** Reports each request's end, without its query. */
export function watchAccess(app: FastifyInstance, report: (entry: AccessEntry) => void): void {
  app.addHook('onRequest', (request, reply, done) => {
    const begun = handedOver(request.raw)?.begun ?? performance.now();
    const { socket } = request.raw;
    // Not onResponse: it does not fire when the client disconnects first.
    reply.raw.once('close', () => {
      const { url, method } = request;
      const end = url.indexOf('?');
      report({
        at: Date.now(),
        method,
        path: end < 0 ? url : url.slice(0, end),
        status: statusOf(reply.raw, socket),
        ms: performance.now() - begun,
        // None where the gate refused.
        program: (request.caller as typeof request.caller | null)?.program ?? null,
        model: request.askedModel,
        why: request.refusal,
      });
    });
    done();
  });
}
