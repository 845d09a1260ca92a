import type { FastifyInstance } from 'fastify';
import { fault } from '../../../contract/faults.ts';
import type { Serving } from '../../serving/index.ts';
import { refuse } from './refusals/refuse.ts';

/** Larger bodies come in several reads, and between two of them a model may run. */
const largeBytes = 16 * 1024;

/** Where as many requests wait as may, a large body is not read first: its client learns at once that there is no room. */
export function refuseWhenFull(app: FastifyInstance, { isFull, status }: Serving): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { headers } = request;
    const isLarge =
      headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > largeBytes;
    if (isLarge && isFull()) return void refuse(reply, fault('busy', { waiting: status().queued }));
    done();
  });
}
