import type { FastifyInstance } from 'fastify';
import type { HttpContext } from '../server/index.ts';

/** `/livez`, `/readyz` and `/healthz`: the status is the answer. */
export function healthRoutes(
  app: FastifyInstance,
  { serving }: { readonly serving: Pick<HttpContext['serving'], 'isReady' | 'unready'> },
): void {
  app.get('/livez', (_request, reply) => reply.type('application/json').send('{"live":true}\n'));
  for (const path of ['/readyz', '/healthz'])
    app.get(path, (_request, reply) => {
      if (serving.isReady()) return reply.type('application/json').send('{"ready":true}\n');
      reply.code(503).header('retry-after', '1').type('application/json');
      return reply.send(`${JSON.stringify({ ready: false, models: serving.unready() })}\n`);
    });
}
