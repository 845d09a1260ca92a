import type { FastifyInstance } from 'fastify';
import type { HttpContext } from '../context.ts';
import { healthRoutes } from './health.ts';
import { predictRoute } from './predict.ts';

/** The friendly routes: `POST /predict`, and whether the server lives. */
export function plainRoutes(app: FastifyInstance, context: HttpContext): void {
  healthRoutes(app, context);
  predictRoute(app, context);
}
