// The baseline, without any code of Outpost: sharp and onnxruntime-node as a short script would use them. Driven by
// messages: { load }, { photo }, { tensors }; it answers each with how long it took.
import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { classify } from './bare-classify.mjs';
import { detect } from './bare-detect.mjs';

sharp.cache(false);
sharp.concurrency(1);
let session;
let labels;
let isDetector;

process.on('message', async (message) => {
  try {
    if (message.load) await load(message.load);
    const begun = performance.now();
    let answer;
    if (message.photo)
      answer = await (isDetector
        ? detect(session, message.photo)
        : classify({ session, labels }, message.photo));
    if (message.tensors) answer = await runTensors(message.tensors);
    process.send({ ms: performance.now() - begun, answer });
  } catch (error) {
    process.send({ error: String(error?.stack ?? error) });
  }
});

async function load({ modelFile, labelsFile, threads, isDetector: detects = false }) {
  isDetector = detects;
  labels = labelsFile ? JSON.parse(await readFile(labelsFile, 'utf8')) : [];
  session = await InferenceSession.create(modelFile, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
}

async function runTensors(tensors) {
  const feeds = Object.fromEntries(
    tensors.map(({ name, type, dims, data }) => [name, new Tensor(type, typed(type, data), dims)]),
  );
  const begun = performance.now();
  await session.run(feeds);
  return performance.now() - begun;
}

const typed = (type, data) => (type === 'int64' ? BigInt64Array.from(data, BigInt) : Float32Array.from(data));
