// What two cores can do at all: so many processes, each running the picture model on the same tensor. Prints runs a second.
//   node loop.mjs PROCESSES SECONDS PICTURE_MODEL
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const [processes, seconds, model] = process.argv.slice(2);
if (process.send) process.send(await runsPerSecond());
else {
  const rates = await Promise.all(Array.from({ length: Number(processes) }, rateOfOne));
  console.log(rates.reduce((sum, rate) => sum + rate, 0));
}

function rateOfOne() {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), process.argv.slice(2));
    child.once('message', (rate) => {
      child.disconnect();
      resolve(rate);
    });
    child.once('error', reject);
    child.once('exit', (code) => code !== 0 && reject(new Error(`the session loop ended with ${code}`)));
  });
}

async function runsPerSecond() {
  const session = await InferenceSession.create(model, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const dims = [1, 3, 224, 224];
  const feeds = { pixels: new Tensor('float32', new Float32Array(3 * 224 * 224).fill(0.5), dims) };
  await session.run(feeds, ['logits']);
  const begun = performance.now();
  let runs = 0;
  while (performance.now() - begun < 1000 * Number(seconds)) {
    await session.run(feeds, ['logits']);
    runs += 1;
  }
  return (1000 * runs) / (performance.now() - begun);
}
