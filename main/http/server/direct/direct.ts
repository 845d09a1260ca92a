import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { ok } from '../../../../contract/faults.ts';
import type { Outcome } from '../../../../contract/faults.ts';
import type { ServedVersion } from '../../../../contract/serving.ts';
import type { InferNow, InferResult } from '../../../serving/index.ts';
import { collectBody } from '../bodies/collect-body.ts';
import type { Share, TakeExchange } from '../budget/index.ts';
import type { AccessEntry, Caller } from '../context.ts';
import { statusOf } from '../exchange-status.ts';
import type { Gate } from '../gate/index.ts';
import { noteHandedOver } from './handed-over.ts';
import { plainBodyBytes } from './plain-request.ts';

/** A version, and its quick way to be asked. */
export type DirectVersion = { readonly served: ServedVersion; readonly infer: InferNow };
export type DirectRequest = DirectVersion & {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly share: Share;
};
export type DirectReply =
  | {
      readonly kind: 'written';
      readonly type: string;
      /** One further header, its name before its value. */
      readonly header?: readonly [name: string, value: string];
      /** The body; bytes that are not text as the characters that `latin1` makes of them. */
      readonly text: string;
      readonly encoding: 'utf8' | 'latin1';
    }
  /** For the routes; `result` where the model ran. */
  | { readonly kind: 'routes'; readonly result: InferResult | null };
/** A model as one path asks for it. */
export type DirectModel = {
  /** As the path names it. */
  readonly name: string;
  /** The version that is meant, where this caller may ask for it and it answers at once; else null. */
  find(caller: Caller): DirectVersion | null;
  reply(request: DirectRequest): DirectReply;
};
/** What a path of a protocol asks; null where that is for the routes. */
export type DirectRoute = (path: string) => DirectModel | null;

export type Direct = {
  add(route: DirectRoute): void;
  readonly take: TakeExchange;
};

/** A larger body takes long to read beside what Fastify takes. */
const mostBytes = 64 * 1024;
const mostPaths = 256;
/** Tensors of a larger answer are left to the routes: as text they may be more than a connection takes at once. */
export const smallReplyBytes = 1024;
/** As Fastify completes `application/json`. */
export const jsonType = 'application/json; charset=utf-8';

/**
 * Answers requests to quick models as they come off Node's server: Fastify and the promises between its hooks take several times what
 * such a model does. Gate, budget, readers, writers and what is reported are those of the routes, and everything but an answer is left
 * to them: what is not plain goes there untouched, what turns out so later goes there with its body.
 */
export function createDirect({
  gate,
  maxBodyBytes,
  isEnding,
  report,
}: {
  readonly gate: Gate;
  readonly maxBodyBytes: number;
  readonly isEnding: () => boolean;
  readonly report: (entry: AccessEntry) => void;
}): Direct {
  const routes: DirectRoute[] = [];
  const models = new Map<string, DirectModel>();
  const modelOf = (path: string): DirectModel | null => {
    const known = models.get(path);
    if (known) return known;
    for (const route of routes) {
      const model = route(path);
      if (!model) continue;
      if (models.size >= mostPaths) models.clear();
      models.set(path, model);
      return model;
    }
    return null;
  };

  return {
    add: (route) => void routes.push(route),
    take: (exchange, pass) => {
      const { request, response, share } = exchange;
      const { method, url = '', headers } = request;
      if (method !== 'POST' || isEnding()) return false;
      const model = modelOf(url);
      const bytes = model && plainBodyBytes(headers);
      if (bytes === null || bytes === 0 || bytes > Math.min(mostBytes, maxBodyBytes)) return false;
      if (gate.refusal(request, url)) return false;
      const caller = gate.callerOf(request, url);
      const version = 'code' in caller ? null : model!.find(caller as Caller);
      if (!version) return false;

      const begun = performance.now();
      const { socket } = request;
      let isRead = false;
      const onClose = (): void =>
        report({
          at: Date.now(),
          method,
          path: url,
          status: statusOf(response, socket),
          ms: performance.now() - begun,
          program: (caller as Caller).program,
          model: isRead ? model!.name : null,
          why: null,
        });
      const handOver = (body: Outcome<Buffer>, result: InferResult | null): void => {
        exchange.onClosed = null;
        noteHandedOver(request, { begun, body, result });
        pass(exchange);
      };
      const answer = (body: Outcome<Buffer>): void => {
        if (response.closed) return;
        if (!body.ok) return handOver(body, null);
        isRead = true;
        const reply = replyOf(model!, {
          served: version.served,
          infer: version.infer,
          headers,
          body: body.value,
          share,
        });
        if (reply.kind === 'routes') return handOver(body, reply.result);
        if (isEnding()) response.shouldKeepAlive = false;
        write(response, reply);
      };
      const first = (piece: Buffer): void => {
        if (piece.byteLength === bytes)
          return answer(share.grow(bytes) ? ok(piece) : { ok: false, fault: share.fault() });
        request.removeListener('data', first);
        collectBody(
          request,
          { announced: bytes, maxBytes: maxBodyBytes, allocate: Buffer.allocUnsafeSlow, share, first: piece },
          answer,
        );
      };
      exchange.onClosed = onClose;
      request.on('data', first);
      return true;
    },
  };
}

/** What goes wrong here goes wrong in the routes, which know how to tell it. */
function replyOf(model: DirectModel, request: DirectRequest): DirectReply {
  try {
    return model.reply(request);
  } catch {
    return { kind: 'routes', result: null };
  }
}

function write(
  response: ServerResponse,
  { type, header, text, encoding }: DirectReply & { readonly kind: 'written' },
): void {
  const bytes = Buffer.byteLength(text, encoding);
  const headers = ['content-type', type];
  if (header) headers.push(...header);
  headers.push('content-length', String(bytes));
  response.writeHead(200, headers);
  // Head and text leave in one piece; `end` with a text would have the connection gather an empty one behind it.
  const { socket } = response;
  socket?.cork();
  response.write(text, encoding);
  socket?.uncork();
  response.end();
}
