import type { FastifyInstance } from 'fastify';
import type { HttpContext } from '../server/index.ts';

/** Whether the server lives and is ready, as the Open Inference Protocol asks. */
export function oipHealthRoutes(
  app: FastifyInstance,
  { serving }: { readonly serving: Pick<HttpContext['serving'], 'isReady'> },
): void {
  // The status says it; the bodies are those that kserve's client reads, where Triton has none.
  app.get('/v2/health/live', async () => ({ live: true }));
  app.get('/v2/health/ready', async (_, reply) => {
    const ready = serving.isReady();
    if (!ready) reply.code(503).header('retry-after', '1');
    return { ready };
  });
}
