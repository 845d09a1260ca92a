import { connect } from 'node:net';
import { fault } from '../../../contract/faults.ts';
import type { Fault } from '../../../contract/faults.ts';
import { detail } from '../../../contract/reasons.ts';
import { tokenFile } from '../../access/index.ts';
import { messageOf } from '../../lib/error-text.ts';
import { env } from '../../lib/paths.ts';
import { ignoreUserSignals } from '../../lib/signals.ts';
import type { HttpServer, TokenBook } from '../server/types.ts';
import { openServer } from '../open-http-server.ts';
import { connectToEngine } from './remote-engine.ts';
import type { RemoteEngine } from './remote-engine.ts';
import { frontEnv } from './messages.ts';
import type { FrontOptions } from './messages.ts';

/* A front: an HTTP process in front of an engine in another process. node:cluster distributes the connections. */

const socket = connect(env(frontEnv.socket) ?? '');
// Ctrl-C reaches every process of a terminal; only the engine's process may end a front.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);
ignoreUserSignals();
// A closed socket means that the engine's process ended.
socket.on('close', () => process.exit(0));
socket.on('error', () => process.exit(1));
socket.on('connect', () => {
  const remote = connectToEngine(socket);
  let server: HttpServer | null = null;
  let book: TokenBook | null = null;
  const readTokens = async (file: string | null): Promise<void> => {
    if (file === null) return;
    const read = await tokenFile(file, { isControl });
    if (read.ok) book = read.value;
  };
  let file: string | null = null;
  let isControl = false;
  remote.onMessage((message) => {
    switch (message.kind) {
      case 'listen':
        file = message.options.tokenFile;
        isControl = message.options.anyone.isControl;
        readTokens(file)
          .then(() => listen(remote, message.options, { find: (token) => book?.find(token) ?? null }))
          .then((opened) => {
            server = opened;
            // A front that cannot listen ends, and another one tries in its place.
            if (opened === null) socket.end();
          })
          .catch((error: unknown) => remote.send({ kind: 'not-listening', fault: internal(error) }));
        break;
      case 'tokens':
        // Keep the old tokens when the file cannot be read.
        readTokens(file).catch(() => undefined);
        break;
      case 'end':
        (server?.close({ graceMs: message.graceMs }) ?? Promise.resolve())
          .catch(() => undefined)
          .then(() => {
            remote.send({ kind: 'ended' });
            socket.end();
          })
          .catch(() => process.exit(1));
        break;
      default:
    }
  });
  remote.send({ kind: 'hello', token: env(frontEnv.token) ?? '', pid: process.pid });
});

const internal = (error: unknown): Fault => fault('internal', { reason: detail(messageOf(error)) });

async function listen(
  remote: RemoteEngine,
  { tokenFile: file, ...options }: FrontOptions,
  book: TokenBook,
): Promise<HttpServer | null> {
  const opened = await openServer(
    {
      ...options,
      serving: remote.serving,
      grpcBind: null,
      tokens: file === null ? null : book,
      log: () => undefined,
    },
    remote.metrics,
  );
  if (opened.ok) remote.send({ kind: 'listening', address: opened.value.address });
  else remote.send({ kind: 'not-listening', fault: opened.fault });
  return opened.ok ? opened.value : null;
}
