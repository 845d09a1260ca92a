import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { slicesOf } from '../server/index.ts';

/** Files of swagger-ui-dist that the page loads: nothing else of the package, and nothing of any other place. */
const assets: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** Links are relative, since a proxy may have put a path before them; `folder` is the way from the page to its files. */
const pageOf = (folder: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Outpost API</title>
<link rel="stylesheet" href="${folder}swagger-ui.css">
<link rel="icon" type="image/png" href="${folder}favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="${folder}swagger-ui-bundle.js"></script>
<script src="${folder}start.js"></script>
</body>
</html>
`;
const start = `SwaggerUIBundle({
  url: new URL('../openapi.json', document.currentScript.src).href,
  dom_id: '#swagger-ui',
  presets: [SwaggerUIBundle.presets.apis],
  deepLinking: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

/** `/docs`: each route can be tried in a browser; all that it loads comes from here. */
export function tryPage(app: FastifyInstance): void {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  // Read each file once and share it between requests.
  const files = new Map<string, Promise<Buffer>>();
  const fileOf = (name: string): Promise<Buffer> => {
    const known = files.get(name);
    if (known) return known;
    const file = readFile(join(folder, name));
    files.set(name, file);
    file.catch(() => files.delete(name));
    return file;
  };
  for (const [path, page] of [
    ['/docs', pageOf('docs/')],
    ['/docs/', pageOf('')],
  ] as const)
    app.get(path, (_request, reply) => reply.headers(headers).type('text/html; charset=utf-8').send(page));
  app.get('/docs/start.js', (_request, reply) =>
    reply.headers(headers).type('text/javascript; charset=utf-8').send(start),
  );
  for (const [name, type] of Object.entries(assets))
    app.get(`/docs/${name}`, async (_request, reply) => {
      const file = await fileOf(name);
      return reply
        .headers(headers)
        .type(type)
        .header('content-length', file.byteLength)
        .send(slicesOf([file]));
    });
}
