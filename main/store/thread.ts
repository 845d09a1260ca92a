import { parentPort, workerData } from 'node:worker_threads';
import type { FromThread, ThreadStart, ToThread } from './language.ts';
import { startReader } from './reader.ts';
import { startWriter } from './writer.ts';

const port = parentPort;
if (!port) throw new Error('the store runs on a thread of its own');

const start = workerData as ThreadStart;
const send = (sentence: FromThread): void => port.postMessage(sentence);
const writer = start.role === 'writer' ? startWriter(start, send) : null;
const reader = start.role === 'reader' ? startReader(start.folder, send) : null;

port.on('message', (sentence: ToThread) => {
  if (sentence.kind === 'write') return writer?.write(sentence.write);
  (writer ?? reader)?.ask(sentence);
  if (sentence.name === 'close') port.close();
});
