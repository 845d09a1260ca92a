import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AccessEntry } from './context.ts';
import { wasTooSlow } from './refusals/raw-refusals.ts';

/** Reports each request's end, without its query. A client that disconnects before its answer counts as 499. */
export function watchAccess(app: FastifyInstance, report: (entry: AccessEntry) => void): void {
  app.addHook('onRequest', (request, reply, done) => {
    const begun = performance.now();
    const { socket } = request.raw;
    // Not onResponse: it does not fire when the client disconnects first.
    reply.raw.once('close', () => {
      const { url, method } = request;
      const end = url.indexOf('?');
      report({
        at: Date.now(),
        method,
        path: end < 0 ? url : url.slice(0, end),
        status: reply.raw.writableFinished ? reply.raw.statusCode : statusAtDisconnect(socket),
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

const statusAtDisconnect = (socket: FastifyReply['raw']['socket']): number =>
  socket !== null && wasTooSlow(socket) ? 408 : 499;
