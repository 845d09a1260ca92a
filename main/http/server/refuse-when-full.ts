import type { FastifyInstance } from 'fastify';
import { fault } from '../../../contract/faults.ts';
import type { Serving } from '../../serving/index.ts';
import { refuse, refuseAndEnd } from './refusals/refuse.ts';

/** Larger bodies come in several reads, and between two of them a model may run. */
const largeBytes = 16 * 1024;

/**
 * Where as many requests wait as may, a large body is not read first: its client learns at once that there is no room.
 * `endsConnections`: a request that was refused for want of room ends its connection, since whoever accepts the next one knows a server
 * that has room, or refuses it without waiting for a model.
 */
export function refuseWhenFull(
  app: FastifyInstance,
  { serving: { isFull, status }, endsConnections }: { serving: Serving; endsConnections: boolean },
): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { headers } = request;
    const isLarge =
      headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > largeBytes;
    if (!isLarge || !isFull()) return done();
    (endsConnections ? refuseAndEnd : refuse)(reply, fault('busy', { waiting: status().queued }));
  });
  if (!endsConnections) return;
  app.addHook('onSend', (...[{ refusal }, reply, , done]) => {
    if (refusal?.code === 'busy') reply.raw.shouldKeepAlive = false;
    done();
  });
}
