import { connect } from 'node:net';
import { createRequire } from 'node:module';
import { workerEnv, type ToWorker } from '../../contract/wire.ts';
import { frameWriter, readFrames } from '../lib/frames.ts';
import { once } from '../lib/once.ts';
import { env } from '../lib/paths.ts';
import { ignoreUserSignals } from '../lib/signals.ts';
import { handleMessages } from './handle-messages.ts';
import type { Decoder } from './decoder.ts';
import { refuseNetwork } from './no-network.ts';
import { decoderName, openDecoder } from './picture-decoder.ts';

const nodeRequire = createRequire(import.meta.url);
const socket = connect(env(workerEnv.socket) ?? '');
refuseNetwork();
// Ctrl-C reaches every process of a terminal; the engine decides when a worker ends.
process.on('SIGINT', () => undefined);
ignoreUserSignals();
const send = frameWriter(socket);
const theDecoder = once((): Promise<Decoder> => openDecoder());

const messages = handleMessages(theDecoder, send, () => socket.end(() => process.exit(0)));
readFrames<ToWorker>(socket, messages.handle, true);
// The engine is gone when its socket is: nothing is left to answer.
socket.on('close', () => process.exit(0));
socket.on('error', () => process.exit(1));
socket.on('connect', () => {
  const { version } = nodeRequire('onnxruntime-node/package.json') as { version: string };
  send({
    kind: 'hello',
    token: env(workerEnv.token) ?? '',
    pid: process.pid,
    onnxruntime: version,
    decoder: decoderName(),
  });
  // Decoding comes with the first picture anyway; its start overlaps with loading the model.
  void theDecoder();
});
