import type { FastifyInstance } from 'fastify';
import type { HttpContext } from '../context.ts';

/** `/livez`, `/readyz` and `/healthz`: the status is the answer. */
export function healthRoutes(app: FastifyInstance, { serving }: HttpContext): void {
  app.get('/livez', (_request, reply) => void reply.send({ live: true }));
  for (const path of ['/readyz', '/healthz'])
    app.get(path, (_request, reply) => {
      const isReady = serving.isReady();
      void reply.code(isReady ? 200 : 503).send({ ready: isReady });
    });
}
