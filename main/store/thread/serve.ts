import { parentPort, workerData } from 'node:worker_threads';
import type { Queries } from '../declare.ts';
import type { FromThread, ThreadStart, ToThread } from './messages.ts';
import { startReader } from './reader.ts';
import { startWriter } from './writer.ts';

/** Runs the declared queries on this thread, as writer, reader or comparer, until a close message arrives. */
export function serveThread(queries: Queries): void {
  const port = parentPort;
  if (!port) throw new Error('the store runs on a thread of its own');
  const start = workerData as ThreadStart;
  const send = (message: FromThread): void => port.postMessage(message);
  const writer = start.role === 'writer' ? startWriter(queries, start, send) : null;
  const reader = start.role === 'reader' ? startReader(queries, start.folder, send) : null;

  port.on('message', (message: ToThread) => {
    if (message.kind === 'change') return writer?.change(message);
    (writer ?? reader)?.ask(message);
    if (message.name === 'close') port.close();
  });
}
