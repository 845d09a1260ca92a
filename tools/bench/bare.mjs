import { fork } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const script = path.join(path.dirname(fileURLToPath(import.meta.url)), 'bare-loop.mjs');

/** A bare process with the model loaded: `ask(message)` answers `{ ms, answer }`. */
export async function openBare({ modelFile, labelsFile, threads, isDetector }) {
  const child = fork(script, { stdio: 'inherit' });
  const ask = (message) =>
    new Promise((resolve, reject) => {
      child.once('message', (reply) => (reply.error ? reject(new Error(reply.error)) : resolve(reply)));
      child.send(message);
    });
  await ask({ load: { modelFile, labelsFile, threads, isDetector } });
  return { ask, close: () => child.kill() };
}

/** Seconds that the bare processes take for all files, each taking the next one when it is done. */
export async function bareFolder(processes, files) {
  let next = 0;
  const begun = performance.now();
  await Promise.all(
    processes.map(async ({ ask }) => {
      while (next < files.length) {
        const photo = files[next];
        next += 1;
        await ask({ photo });
      }
    }),
  );
  return (performance.now() - begun) / 1000;
}
