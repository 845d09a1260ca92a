import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { errorText } from '../refusals/refuse.ts';
import { shareOf } from './connections.ts';
import { slicesOf } from './slices.ts';
import { openSlowReaders } from './slow-readers.ts';

/** Smaller responses fit into the socket's send buffer. */
const smallBytes = 16 * 1024;
/** Larger ones go out in slices. */
const largeBytes = 256 * 1024;

/**
 * Responses count against the byte budget until the client has read them; what does not fit becomes a 503. Large ones
 * are sent with back-pressure, and a client that does not read for `longestMs` is disconnected.
 */
export function holdAnswers(app: FastifyInstance, longestMs: number): void {
  const slowReaders = openSlowReaders(longestMs);
  app.addHook('onClose', async () => slowReaders.close());
  // The request's memory stays in use until its handler returns, even after the client disconnected.
  app.addHook('onRoute', (route) => {
    const { handler } = route;
    route.handler = function (request, reply) {
      const answered: unknown = handler.call(this, request, reply);
      if (answered instanceof Promise) {
        const share = shareOf(request.raw);
        share.retain();
        const release = (): void => share.release();
        answered.then(release, release);
      }
      return answered;
    };
  });
  app.addHook('onSend', (...[request, reply, payload, done]) => {
    const bytes = sizeOf(payload);
    if (payload instanceof Readable) slowReaders.watch(reply.raw);
    if (bytes < smallBytes) return done(null, payload);
    const share = shareOf(request.raw);
    if (!share.grow(bytes)) {
      reply.code(503).type('application/json').removeHeader('content-length').header('retry-after', '1');
      const why = share.fault();
      request.refusal = why;
      return done(null, errorText(why));
    }
    slowReaders.watch(reply.raw);
    if (bytes < largeBytes) return done(null, payload);
    reply.header('content-length', bytes);
    done(null, slicesOf([Buffer.isBuffer(payload) ? payload : Buffer.from(payload as string)]));
  });
}

function sizeOf(payload: unknown): number {
  if (Buffer.isBuffer(payload)) return payload.byteLength;
  return typeof payload === 'string' ? Buffer.byteLength(payload) : 0;
}
