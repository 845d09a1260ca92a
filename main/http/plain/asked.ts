import type { FastifyReply, FastifyRequest } from 'fastify';

/** Gives up when the asker hangs up before there is an answer. */
export function askedIn(_request: FastifyRequest, reply: FastifyReply): { readonly signal: AbortSignal } {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return { signal: gone.signal };
}
