import { bytesOf, smallReplyBytes } from '../server/index.ts';
import type {
  DirectModel,
  DirectReply,
  DirectRequest,
  DirectRoute,
  HttpContext,
  HttpLimits,
} from '../server/index.ts';
import { checkQuestion, sortedOutputs } from './ask.ts';
import { readSmallBody } from './body.ts';
import { findAllowed } from './find-allowed.ts';
import { readInferOptions } from './infer-options.ts';
import { directReply } from './infer.ts';
import { writeSmallAnswer } from './write.ts';

/** Names that stand in a path as they are. */
const inferPath = /^\/v2\/models\/([\w.-]+)(?:\/versions\/([\w.-]+))?\/infer$/u;
const toRoutes: DirectReply = { kind: 'routes', result: null };

/** Inference requests as `answerInfer` answers them, for small ones to quick models. */
export const directInfer =
  (context: HttpContext): DirectRoute =>
  (path) => {
    const [, name, version = ''] = inferPath.exec(path) ?? [];
    if (name === undefined) return null;
    const { serving, limits } = context;
    const model: DirectModel = {
      name,
      find: (caller) => {
        const found = findAllowed(context, caller, { name, version });
        const infer = found.ok ? serving.quick(found.value) : null;
        return found.ok && infer ? { served: found.value, infer } : null;
      },
      reply: (request) => reply(limits, request),
    };
    return model;
  };

function reply(limits: HttpLimits, request: DirectRequest): DirectReply {
  const { served, infer, share } = request;
  const read = readSmallBody(request, limits);
  if (!read.ok) return toRoutes;
  const { message, tail, isRaw } = read.value;
  const options = readInferOptions(message);
  if (!options.ok || options.value.timeoutMs !== null || options.value.classes.size > 0) return toRoutes;
  const question = { served, message, tail, options: options.value };
  const checked = checkQuestion(question, limits);
  if (!checked.ok || checked.value.arePictures) return toRoutes;
  const result = infer(checked.value.request);
  if (result === null) return toRoutes;
  const tensors = sortedOutputs(result, question);
  const bytes = bytesOf(tensors);
  if (bytes > smallReplyBytes || !share.grow(bytes)) return { kind: 'routes', result };
  const isBinary = isRaw ? () => true : options.value.isBinary;
  const written = writeSmallAnswer({ id: message.id, served, tensors, isBinary });
  return written.ok ? directReply(written.value) : { kind: 'routes', result };
}
