import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AccessEntry } from './context.ts';
import { wasTooSlow } from './refusals/raw-refusals.ts';

/** Tells each request's end, without its query. A client that went before its answer counts as 499. */
export function watchAccess(app: FastifyInstance, tell: (entry: AccessEntry) => void): void {
  app.addHook('onRequest', (request, reply, done) => {
    const begun = performance.now();
    const { socket } = request.raw;
    // Not onResponse: that says nothing of a client that went away.
    reply.raw.once('close', () => {
      const { url, method } = request;
      const end = url.indexOf('?');
      tell({
        at: Date.now(),
        method,
        path: end < 0 ? url : url.slice(0, end),
        status: reply.raw.writableFinished ? reply.raw.statusCode : goneStatus(socket),
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

const goneStatus = (socket: FastifyReply['raw']['socket']): number =>
  socket !== null && wasTooSlow(socket) ? 408 : 499;
