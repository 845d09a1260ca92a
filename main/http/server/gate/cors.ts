import type { FastifyReply, FastifyRequest } from 'fastify';

/** Listed, or the server's own pages. `null` is the origin of files and sandboxes, and never allowed. */
export function isAllowedOrigin(
  origin: string,
  host: string | undefined,
  listed: ReadonlySet<string>,
): boolean {
  if (listed.has(origin)) return true;
  const own = host?.toLowerCase();
  return own !== undefined && (origin === `http://${own}` || origin === `https://${own}`);
}

export function shareWith(reply: FastifyReply, origin: string): void {
  reply.header('access-control-allow-origin', origin);
  reply.header('vary', 'Origin');
  reply.header('access-control-expose-headers', 'Inference-Header-Content-Length, Retry-After');
}

export function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

/** A browser asks before a page may; it brings no token. */
export function answerPreflight({ headers }: FastifyRequest, reply: FastifyReply): void {
  reply
    .code(204)
    .header('access-control-allow-methods', 'GET, POST')
    .header(
      'access-control-allow-headers',
      'Authorization, X-Outpost-Token, Content-Type, Content-Encoding, Inference-Header-Content-Length',
    )
    .header('access-control-max-age', '600');
  // Chromium asks this before a public page may speak to a private address.
  if (headers['access-control-request-private-network'] !== undefined)
    reply.header('access-control-allow-private-network', 'true');
  void reply.send();
}
