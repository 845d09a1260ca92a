import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fault } from '../../../contract/faults/faults.ts';
import { disconnectSignal, handedOver, shareOf } from '../server/index.ts';
import { asBuffer } from '../../lib/as-buffer.ts';
import type { HttpContext } from '../server/index.ts';
import { answerRequest } from './answers.ts';
import { barred, readingRules, servedBy, statusesBy } from './served-models.ts';
import { metadataBody, modelsBody, readyBody, statusBody } from './bodies.ts';
import { readPath } from './paths.ts';
import { read, refused } from './refusal.ts';
import type { Read } from './refusal.ts';

export { directPredict } from './direct.ts';
export { errorCodeOf } from './refusal.ts';

/**
 * TensorFlow Serving's REST API under /v1: predict, classify, regress, status and metadata of models by id, version
 * number or label. Its paths hold colons and any case, so it matches them itself. `OPTIONS` is left to the server.
 */
export function tfsRoutes(app: FastifyInstance, context: HttpContext): void {
  for (const url of ['/v1/*', '/V1/*', '/v1', '/V1']) {
    app.route({
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'],
      url,
      handler: async (request, reply) => {
        const answer = await answerTo(context, request);
        if (answer.ok) return reply.type('application/json').send(payloadOf(answer.value));
        const { status, text, isPassing, fault: why } = answer.refusal;
        request.refusal = why ?? fault('request-malformed', { what: 'The request', reason: text });
        if (isPassing === true) reply.header('Retry-After', '1');
        return reply
          .code(status)
          .type('application/json')
          .send(JSON.stringify({ error: text }));
      },
    });
  }
}

async function answerTo(context: HttpContext, request: FastifyRequest): Promise<Read<string | Uint8Array>> {
  const url = request.url.split('?', 1)[0]!;
  const path = readPath(request.method, url);
  if (path === null) return refused(`There is no ${request.method} ${url.slice(0, 200)} in this protocol`);
  const { model } = path;
  if (model === null) return read(JSON.stringify(modelsBody(context, request.caller), null, 1));
  // Names that nobody serves stay out of the log's and the counters' model column.
  if (context.serving.catalogue().some(({ id }) => id === model)) request.askedModel = model;
  const closed = barred(context, request.caller, model);
  if (closed !== null) return closed;
  if (path.verb === 'status') {
    const versions = statusesBy(context, { ...path, model });
    if (!versions.ok) return versions;
    const body = statusBody(versions.value);
    const isWhole = path.version === undefined && path.label === undefined;
    return read(JSON.stringify(isWhole ? { ...body, ...readyBody(context, model) } : body, null, 1));
  }
  const served = servedBy(context, { ...path, model });
  if (!served.ok) return served;
  if (path.verb === 'metadata') return read(JSON.stringify(metadataBody(served.value), null, 1));
  const { limits, threads } = context;
  const signal = disconnectSignal(request.raw.socket);
  const body = bodyOf(request);
  const reading = { ...readingRules(limits), verb: path.verb, served: served.value, body };
  const share = shareOf(request.raw);
  const given = { bytes: body.byteLength, signal, share };
  const asked = await threads.perform('readTfs', reading, given);
  const result = handedOver(request.raw)?.result ?? null;
  if (asked.ok) return answerRequest({ context, served: served.value, signal, share, result }, asked.value);
  const why = fault('request-malformed', { what: 'The body', reason: asked.refusal.text });
  context.serving.refused(served.value, 'http', why);
  return asked;
}

const payloadOf = (answer: string | Uint8Array): string | Buffer =>
  typeof answer === 'string' ? answer : asBuffer(answer);

/** Empty when nothing was sent. */
function bodyOf({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}
