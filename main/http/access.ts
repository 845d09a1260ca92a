import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AccessEntry } from './context.ts';
import { wasTooSlow } from './raw-refusals.ts';

/** Tells each answered request, without its query. A client that went before the answer did counts as 499. */
export function watchAccess(app: FastifyInstance, tell: (entry: AccessEntry) => void): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { url, method } = request;
    const end = url.indexOf('?');
    tell({
      at: Date.now(),
      method,
      path: end < 0 ? url : url.slice(0, end),
      status: statusOf(reply),
      ms: reply.elapsedTime,
      // None where the gate refused.
      program: (request.caller as typeof request.caller | null)?.program ?? null,
      model: request.askedModel,
    });
    done();
  });
}

function statusOf({ raw, request }: FastifyReply): number {
  if (raw.writableFinished) return raw.statusCode;
  return wasTooSlow(request.raw.socket) ? 408 : 499;
}
