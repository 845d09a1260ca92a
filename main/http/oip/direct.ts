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
import { createHeadReader } from './head-reader.ts';
import type { ReadHead } from './head-reader.ts';
import { directReply } from './infer.ts';
import { writeSmallAnswer } from './write.ts';

/** Names that stand in a path as they are. */
const inferPath = /^\/v2\/models\/([\w.-]+)(?:\/versions\/([\w.-]+))?\/infer$/u;
const toRoutes: DirectReply = { kind: 'routes', result: null };

/** Inference requests as `answerInfer` answers them, for small ones to quick models. */
export function directInfer(context: HttpContext): DirectRoute {
  const { serving, limits } = context;
  const readHead = createHeadReader(limits);
  return (path) => {
    const [, name, version = ''] = inferPath.exec(path) ?? [];
    if (name === undefined) return null;
    const model: DirectModel = {
      name,
      find: (caller) => {
        const found = findAllowed(context, caller, { name, version });
        const infer = found.ok ? serving.quick(found.value) : null;
        return found.ok && infer ? { served: found.value, infer } : null;
      },
      reply: (request) => reply(limits, readHead, request),
    };
    return model;
  };
}

function reply(limits: HttpLimits, readHead: ReadHead, request: DirectRequest): DirectReply {
  const { served, infer, share } = request;
  const read = readSmallBody(request, readHead);
  if (!read.ok) return toRoutes;
  const { message, options, tail, isRaw } = read.value;
  if (options.timeoutMs !== null || options.classes.size > 0) return toRoutes;
  const question = { served, message, tail, options };
  const checked = checkQuestion(question, limits);
  if (!checked.ok || checked.value.arePictures) return toRoutes;
  const result = infer(checked.value.request);
  if (result === null) return toRoutes;
  const tensors = sortedOutputs(result, question);
  const bytes = bytesOf(tensors);
  if (bytes > smallReplyBytes || !share.grow(bytes)) return { kind: 'routes', result };
  const isBinary = isRaw ? () => true : options.isBinary;
  const written = writeSmallAnswer({ id: message.id, served, tensors, isBinary });
  return written.ok ? directReply(written.value) : { kind: 'routes', result };
}
