import type { Socket } from 'node:net';
import { ok } from '../../../../contract/faults/faults.ts';
import type { Outcome } from '../../../../contract/faults/faults.ts';
import type { InferResult } from '../../../serving/index.ts';
import { collectBody } from '../bodies/collect-body.ts';
import { Share, bytesPerRequest } from '../budget/index.ts';
import type { ByteBudget, TakeExchange } from '../budget/index.ts';
import type { AccessEntry, Caller } from '../context.ts';
import { statusOf } from '../exchange-status.ts';
import type { Gate } from '../gate/index.ts';
import { noteHandedOver } from './handed-over.ts';
import { createPlainBodyBytes, mostBytes } from './plain-request.ts';
import { createRepeats } from './repeats.ts';
import type { Asked, DirectModel, DirectReply, DirectRequest, DirectRoute, DirectVersion } from './types.ts';
import { createWriter, writeResponse } from './write.ts';

export type Direct = {
  add(route: DirectRoute): void;
  readonly take: TakeExchange;
};
export type DirectParts = {
  readonly gate: Gate;
  readonly budget: ByteBudget;
  readonly maxBodyBytes: number;
  /** How long a connection is kept that asks nothing, as it is announced. */
  readonly keepAliveMs: number;
  /** Answers are the last ones of their connections. */
  readonly isEnding: () => boolean;
  /** The answer to this connection may be, and listeners of the server decide. */
  readonly isDue: (socket: Socket) => boolean;
  readonly report: (entry: AccessEntry) => void;
};
type Admitted = { readonly caller: Caller; readonly version: DirectVersion };

const mostPaths = 256;
/** Tensors of a larger answer are left to the routes: as text they may be more than a connection takes at once. */
export const smallReplyBytes = 1024;
/** As Fastify completes `application/json`. */
export const jsonType = 'application/json; charset=utf-8';

/**
 * Answers requests to quick models as they come off Node's server: Fastify and the promises between its hooks take several times what
 * such a model does. Gate, budget, readers, writers and what is reported are those of the routes, and everything but an answer is left
 * to them: what is not plain goes there untouched, what turns out so later goes there with its body. Requests that repeat the head
 * of the one before are answered without Node's server too.
 */
export function createDirect(parts: DirectParts): Direct {
  const { gate, budget, maxBodyBytes, isEnding, isDue, report } = parts;
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
  const admit = (asked: Asked): Admitted | null => {
    if (gate.refusal(asked, asked.path)) return null;
    const caller = gate.callerOf(asked, asked.path);
    const version = 'code' in caller ? null : asked.model.find(caller as Caller);
    return version && { caller: caller as Caller, version };
  };
  const reportOf =
    (asked: Asked, { caller }: Admitted, begun: number) =>
    (status: number, isRead: boolean) =>
      report({
        at: Date.now(),
        method: 'POST',
        path: asked.path,
        status,
        ms: performance.now() - begun,
        program: caller.program,
        model: isRead ? asked.model.name : null,
        why: null,
      });
  const write = createWriter(parts.keepAliveMs);
  const plainBodyBytes = createPlainBodyBytes();

  const repeats = createRepeats({
    isPaused: (socket) => isEnding() || isDue(socket),
    answer: (asked, body) => {
      const admitted = body.byteLength <= maxBodyBytes ? admit(asked) : null;
      if (!admitted) return toRoutes;
      const begun = performance.now();
      const share = new Share(budget);
      const { headers, socket } = asked;
      const { version } = admitted;
      const reply = share.grow(bytesPerRequest + body.byteLength)
        ? replyOf(asked.model, { served: version.served, infer: version.infer, headers, body, share })
        : toRoutes;
      share.release();
      if (reply.kind === 'routes') return reply;
      write(socket, reply);
      reportOf(asked, admitted, begun)(200, true);
      return null;
    },
  });

  return {
    add: (route) => void routes.push(route),
    take: (exchange, pass) => {
      const { request, response, share } = exchange;
      const { method, url = '', headers, socket } = request;
      if (method !== 'POST' || isEnding()) return false;
      const model = modelOf(url);
      const bytes = model && plainBodyBytes(headers);
      if (bytes === null || bytes === 0 || bytes > Math.min(mostBytes, maxBodyBytes)) return false;
      const asked: Asked = { model: model!, path: url, headers, socket };
      const admitted = admit(asked);
      if (!admitted) return false;

      const { version } = admitted;
      repeats.noteBegun(request);
      const begun = performance.now();
      const reportEnd = reportOf(asked, admitted, begun);
      let isRead = false;
      const handOver = (body: Outcome<Buffer>, result: InferResult | null): void => {
        exchange.onClosed = null;
        noteHandedOver(request, { begun, body, result });
        pass(exchange);
      };
      const answer = (body: Outcome<Buffer>): void => {
        if (response.closed) return;
        if (!body.ok) return handOver(body, null);
        isRead = true;
        const result = repeats.takeResult(socket);
        if (result) return handOver(body, result);
        const reply = replyOf(model!, {
          served: version.served,
          infer: version.infer,
          headers,
          body: body.value,
          share,
        });
        if (reply.kind === 'routes') return handOver(body, reply.result);
        if (isEnding()) response.shouldKeepAlive = false;
        writeResponse(response, reply);
        repeats.noteAnswered(exchange, asked);
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
      exchange.onClosed = () => reportEnd(statusOf(response, socket), isRead);
      request.on('data', first);
      return true;
    },
  };
}
const toRoutes: DirectReply & { readonly kind: 'routes' } = { kind: 'routes', result: null };

/** What goes wrong here goes wrong in the routes, which know how to tell it. */
function replyOf(model: DirectModel, request: DirectRequest): DirectReply {
  try {
    return model.reply(request);
  } catch {
    return toRoutes;
  }
}
