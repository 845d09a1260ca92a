import { bytesOf, jsonType, smallReplyBytes } from '../server/index.ts';
import type { DirectModel, DirectReply, DirectRequest, DirectRoute, HttpContext } from '../server/index.ts';
import { inferRequest } from './answers.ts';
import { readPath } from './paths.ts';
import { readTfs } from './read-request.ts';
import { barred, readingRules, servedBy } from './served-models.ts';
import { writeTfs } from './write-answer.ts';

/** Names that stand in a path as they are. */
const predictPath = /^\/v1\/models\/[\w.-]+(?:\/(?:versions|labels)\/[\w.-]+)?:predict$/u;
const toRoutes: DirectReply = { kind: 'routes', result: null };

/** Requests for predict as the routes answer them, for small ones to quick models. */
export const directPredict =
  (context: HttpContext): DirectRoute =>
  (url) => {
    const path = predictPath.test(url) ? readPath('POST', url) : null;
    if (path === null || path.model === null) return null;
    const asked = { ...path, model: path.model };
    const model: DirectModel = {
      name: asked.model,
      find: (caller) => {
        if (barred(context, caller, asked.model)) return null;
        const served = servedBy(context, asked);
        const infer = served.ok ? context.serving.quick(served.value) : null;
        return served.ok && infer ? { served: served.value, infer } : null;
      },
      reply: (request) => reply(context, request),
    };
    return model;
  };

function reply(context: HttpContext, { served, infer, body }: DirectRequest): DirectReply {
  const { limits } = context;
  const { maxDepth, maxElements } = readingRules(limits);
  const asked = readTfs({ verb: 'predict', served, body, maxDepth, maxElements });
  if (!asked.ok || asked.value.kind !== 'predict' || asked.value.arePictures) return toRoutes;
  const { format, tensors } = asked.value;
  const result = infer(inferRequest(context, served, tensors));
  if (result === null) return toRoutes;
  if (bytesOf(result.tensors) > smallReplyBytes) return { kind: 'routes', result };
  const written = writeTfs({ kind: 'predict', served, format, tensors: result.tensors });
  if (!written.ok || typeof written.value !== 'string') return { kind: 'routes', result };
  return { kind: 'written', type: jsonType, text: written.value, encoding: 'utf8' };
}
