// A process with nothing of Outpost in it: sharp and onnxruntime-node as a short script would use them. It is told what
// to do by messages: { load }, { photo }, { tensors }; it answers each with how long it took.
import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { detect } from './bare-detect.mjs';

sharp.cache(false);
sharp.concurrency(1);
const edge = 224;
let session;
let labels;
let isDetector;

process.on('message', async (message) => {
  try {
    if (message.load) await load(message.load);
    const begun = performance.now();
    let answer;
    if (message.photo) answer = await (isDetector ? detect(session, message.photo) : classify(message.photo));
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

/** Decode as the model's manifest says: orientation, sRGB, alpha over white, central square, cubic to 224. */
async function classify(file) {
  const bytes = await readFile(file);
  const options = { failOn: 'truncated', limitInputPixels: false, pages: 1 };
  const { autoOrient, hasAlpha } = await sharp(bytes, options).metadata();
  const side = Math.floor(0.875 * Math.min(autoOrient.width, autoOrient.height));
  const left = Math.floor((autoOrient.width - side + 1) / 2);
  const top = Math.floor((autoOrient.height - side + 1) / 2);
  let image = sharp(bytes, options).autoOrient();
  if (hasAlpha) image = image.flatten({ background: '#ffffff' });
  const pixels = await image
    .toColourspace('srgb')
    .extract({ left, top, width: side, height: side })
    .resize(edge, edge, { kernel: 'cubic', fit: 'fill', fastShrinkOnLoad: false })
    .raw({ depth: 'uchar' })
    .toBuffer();
  const plane = edge * edge;
  const input = new Float32Array(3 * plane);
  for (let at = 0; at < plane; at += 1) {
    input[at] = (pixels[3 * at] - 127) / 128;
    input[plane + at] = (pixels[3 * at + 1] - 127) / 128;
    input[2 * plane + at] = (pixels[3 * at + 2] - 127) / 128;
  }
  const { logits } = await session.run({ pixels: new Tensor('float32', input, [1, 3, edge, edge]) }, [
    'logits',
  ]);
  return best(logits.data);
}

function best(logits) {
  const most = Math.max(...logits);
  const scores = Float64Array.from(logits, (value) => Math.exp(value - most));
  const sum = scores.reduce((total, value) => total + value, 0);
  return [...scores.keys()]
    .sort((a, b) => scores[b] - scores[a])
    .slice(0, 5)
    .map((index) => ({ index, label: labels[index]?.name, score: scores[index] / sum }));
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
