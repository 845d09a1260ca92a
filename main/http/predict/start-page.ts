import type { FastifyInstance } from 'fastify';
import type { HttpContext } from '../server/index.ts';
import { chooseType } from './accept.ts';

/**
 * `GET /`: what can be asked here, for a person in a browser or before a terminal. It names no model. Programs get JSON, in
 * which the client of KServe's first protocol looks for its `status`.
 */
export function startPage(app: FastifyInstance, { appVersion }: HttpContext): void {
  const text = textOf(appVersion);
  const page = pageOf(text);
  const json = `${JSON.stringify({ status: 'alive', name: 'outpost', version: appVersion })}\n`;
  const bodies = { 'text/plain': text, 'text/html': page, 'application/json': json };
  app.get('/', ({ headers: { accept, 'user-agent': agent = '' } }, reply) => {
    // All programs take anything; before these two sits a person. A browser names HTML.
    const isTerminal = /^(?:curl|wget)\//iu.test(agent);
    const [first, second] = isTerminal
      ? (['text/plain', 'application/json'] as const)
      : (['application/json', 'text/plain'] as const);
    const type = chooseType(accept, [first, second, 'text/html']);
    return reply.type(`${type}; charset=utf-8`).headers(pageHeaders).send(bodies[type]);
  });
}

const pageHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  vary: 'Accept, User-Agent',
};

function textOf(version: string): string {
  return `Outpost ${version}: predictions on this computer, nothing leaves it.

  curl --data-binary @photo.jpg -H 'Content-Type: image/jpeg' ADDRESS/predict
  curl -F file=@one.jpg -F file=@two.jpg ADDRESS/predict
  curl --data-binary @rows.csv -H 'Content-Type: text/csv' 'ADDRESS/predict?model=MODEL'

With a token: -H 'Authorization: Bearer TOKEN'

  /docs                  try each route in the browser
  /openapi.json          all routes as OpenAPI 3.1
  /v2                    Open Inference Protocol v2 (KServe, Triton)
  /v1/models/MODEL       TensorFlow Serving
  /metrics               Prometheus
  /livez  /readyz        whether it lives, whether the models are loaded
`;
}

function pageOf(text: string): string {
  const escaped = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    // Relative: a proxy may have put a path before them.
    .replace(/^( {2})\/(docs|openapi\.json)/gmu, '$1<a href="$2">/$2</a>');
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Outpost</title>
<style>:root{color-scheme:light dark}body{margin:2rem auto;max-width:50rem;padding:0 1rem}pre{font:0.9rem/1.6 ui-monospace,monospace;white-space:pre-wrap}</style>
<pre>${escaped}</pre></html>
`;
}
