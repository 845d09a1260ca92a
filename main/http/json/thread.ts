import { parentPort } from 'node:worker_threads';
import { movable, perform } from './work.ts';
import type { WorkInput, WorkName } from './work.ts';

/* A thread that reads and writes large texts: a piece of work comes, its result goes back, moved and not copied. */
type Asked = { readonly name: WorkName; readonly input: WorkInput<WorkName> };
parentPort?.on('message', ({ name, input }: Asked) => {
  const output = perform(name, input);
  parentPort?.postMessage(output, [...movable(output)]);
});
