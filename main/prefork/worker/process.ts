import type { Socket } from 'node:net';
import { messageOf } from '../../lib/error-text.ts';
import { ignoreUserSignals } from '../../lib/signals.ts';
import { createAsking } from '../asking.ts';
import type { AskArbiter, FromHttpWorker, ToHttpWorker } from '../messages.ts';
import { openHttpWorker } from './http-worker.ts';
import type { HttpWorker } from './http-worker.ts';

/* Entry of an HTTP worker: a process that serves the connections from the arbiter and runs the models itself. */

// Ctrl-C signals the whole process group of the terminal; the arbiter decides when a worker ends.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);
if (process.platform !== 'win32')
  for (const name of ['SIGQUIT', 'SIGTTIN', 'SIGTTOU'] as const) process.on(name, () => undefined);
ignoreUserSignals();
// Without the arbiter there are no connections and no store.
process.on('disconnect', () => process.exit(0));

const send = (message: FromHttpWorker): void => {
  if (process.connected) process.send?.(message);
};
const arbiter = createAsking<AskArbiter>((id, ask) => send({ kind: 'ask', id, ask }));
process.on('message', createReceiver());

/** What comes before the worker is open waits for it. */
function createReceiver(): (message: ToHttpWorker, handle?: Socket) => void {
  let opening: Promise<HttpWorker> | null = null;
  let opened: HttpWorker | null = null;
  return (message, handle) => {
    if (message.kind === 'answer') return arbiter.answered(message.id, message.value);
    if (message.kind === 'start') {
      opening = openHttpWorker(message, { send, ask: arbiter.ask });
      opening.then((worker) => (opened = worker)).catch(fail);
    } else if (opened) opened.handle(message, handle);
    else opening?.then((worker) => worker.handle(message, handle)).catch(fail);
  };
}

function fail(error: unknown): void {
  send({ kind: 'log', level: 'error', text: `an HTTP worker could not start: ${messageOf(error)}` });
  process.exit(1);
}
