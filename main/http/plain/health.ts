import type { FastifyInstance } from 'fastify';
import type { HttpContext } from '../context.ts';

/** `/livez`, `/readyz` and `/healthz`: the status is the answer. */
export function healthRoutes(app: FastifyInstance, { serving }: HttpContext): void {
  app.get('/livez', (_request, reply) => reply.type('application/json').send('{"live":true}\n'));
  for (const path of ['/readyz', '/healthz'])
    app.get(path, (_request, reply) => {
      const isReady = serving.isReady();
      if (!isReady) reply.code(503).header('retry-after', '1');
      return reply.type('application/json').send(`{"ready":${isReady}}\n`);
    });
}
