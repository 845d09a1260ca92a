import type { FastifyInstance } from 'fastify';
import type { HttpContext } from '../server/index.ts';
import { openApi } from './document.ts';
import type { DocumentParts } from './document.ts';
import { tryPage } from './try-page.ts';

/** `/openapi.json`, and the page that tries its routes at `/docs`. */
export function openApiRoutes(
  app: FastifyInstance,
  { appVersion }: HttpContext,
  parts: Omit<DocumentParts, 'version'>,
): void {
  let document: string | null = null;
  app.get('/openapi.json', (_request, reply) => {
    document ??= `${JSON.stringify(openApi({ version: appVersion, ...parts }))}\n`;
    return reply.type('application/json').send(document);
  });
  tryPage(app);
}
