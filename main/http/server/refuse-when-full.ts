import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { fault } from '../../../contract/faults/faults.ts';
import type { Serving } from '../../serving/index.ts';
import { refuse, refuseAndEnd } from './refusals/refuse.ts';

/** Larger bodies come in several reads, and between two of them a model may run. */
const largeBytes = 16 * 1024;

/** Places in the queue, of which some are promised to requests that have not arrived. */
export type Places = {
  /** The head of a request is here. */
  arrived(request: IncomingMessage, response: ServerResponse): void;
  /** Gives a request a place; false: there is none. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
  /** Its answer is about to be written, which a slow client may delay. */
  answered(request: IncomingMessage): void;
};

/**
 * Where as many requests wait as may, a large body is not read first: its client learns at once that there is no room.
 * `places`, where another process accepts connections: a request that was refused for want of room ends its connection, since that
 * process knows a server that has room for the next one, or refuses it without waiting for a model.
 */
export function refuseWhenFull(
  app: FastifyInstance,
  { serving: { isFull, status }, places }: { serving: Serving; places: Places | null },
): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { headers, raw } = request;
    const isLarge =
      headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > largeBytes;
    if (!isLarge || (places ? places.take(raw, reply.raw) : !isFull())) return done();
    (places ? refuseAndEnd : refuse)(reply, fault('busy', { waiting: status().queued }));
  });
  if (!places) return;
  app.server.prependListener('request', places.arrived);
  app.addHook('onSend', (...[{ refusal, raw }, reply, , done]) => {
    places.answered(raw);
    if (refusal?.code === 'busy') reply.raw.shouldKeepAlive = false;
    done();
  });
}
