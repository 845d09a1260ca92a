import type { Socket } from 'node:net';
import fastify from 'fastify';
import type { Serving } from '../serving/index.ts';
import { oipHealthRoutes } from './oip/index.ts';
import { healthRoutes } from './predict/index.ts';
import {
  answerRaw,
  createDrain,
  createGate,
  defaultHttpLimits,
  installGate,
  watchAccess,
} from './server/index.ts';
import type { AccessEntry, HttpServerOptions } from './server/index.ts';

type ProbesOptions = Pick<
  HttpServerOptions,
  'bind' | 'anyone' | 'allowedHosts' | 'corsOrigins' | 'tokens'
> & {
  readonly serving: Pick<Serving, 'isReady' | 'unready'>;
  readonly onAccess: (entry: AccessEntry) => void;
};
/** Answers whether the server lives and is ready, in the process that accepts connections: a probe never waits behind a model. */
export type Probes = {
  /** `head`: what was read of the connection. False when it asks for something else. */
  take(socket: Socket, head: Uint8Array): boolean;
  close(): Promise<void>;
};

const probe =
  /^(?:GET|HEAD) \/(?:livez|readyz|healthz|v2\/health\/(?:live|ready))(?:\?[^ ]*)? HTTP\/1\.[01]\r?\n/u;
/** Longer than the line of any probe. */
const lookedBytes = 200;

export async function openProbes({ serving, onAccess, ...gate }: ProbesOptions): Promise<Probes> {
  const app = fastify({
    logger: false,
    clientErrorHandler: (error, socket) => answerRaw(error, socket, defaultHttpLimits),
  });
  // What follows on the same connection may be meant for a model, which lives elsewhere.
  app.server.prependListener('request', (_request, response) => {
    response.shouldKeepAlive = false;
  });
  const drain = createDrain(app);
  watchAccess(app, onAccess);
  installGate(app, createGate({ ...gate, maxBodyBytes: 0 }));
  healthRoutes(app, { serving });
  oipHealthRoutes(app, { serving });
  await app.ready();
  app.server.emit('listening');
  return {
    take: (socket, head) => {
      if (!probe.test(Buffer.from(head.subarray(0, lookedBytes)).toString('latin1'))) return false;
      socket.unshift(head);
      app.server.emit('connection', socket);
      return true;
    },
    close: async () => {
      await drain.end(0);
      await app.close();
    },
  };
}
