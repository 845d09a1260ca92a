import type { FastifyInstance } from 'fastify';
import type { HttpContext } from '../server/index.ts';
import { healthRoutes } from './health.ts';
import { predictRoute } from './predict.ts';
import { startPage } from './start-page.ts';

export { healthRoutes } from './health.ts';
export { tableTensors } from './csv/matrix.ts';

/** The friendly routes: a start page, `POST /predict`, and whether the server lives. */
export function plainRoutes(app: FastifyInstance, context: HttpContext): void {
  startPage(app, context);
  healthRoutes(app, context);
  predictRoute(app, context);
}
