import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { classify } from './bare-classify.mjs';
import { detect } from './bare-detect.mjs';
import { importSource } from './bundle.mjs';
import { benchPhotos } from './photos.mjs';
import { classifier, detector } from './places.mjs';
import { atMost, median } from './rows.mjs';

/** Photos of the bench by their megapixels. */
const sizes = { '2 MP': '-2mp.jpg', '12 MP': '-12mp.jpg' };

/**
 * Processor time that a worker spends on a photo, from the file to the answer, ÷ that of a bare loop over the same libraries which
 * hashes the file too. Both in this process and in turns, one thread each, so that nothing but the code differs.
 */
export async function measureWork({ isQuick, log }) {
  const photos = await benchPhotos(24, log);
  const rows = [];
  for (const model of [classifier, detector]) {
    const ours = await openWorker(model);
    const bare = await openBareModel(model);
    for (const [size, ending] of Object.entries(sizes)) {
      const files = photos.filter((file) => file.endsWith(ending));
      const ratios = [];
      const times = { ours: [], bare: [] };
      for (let turn = -4; turn < (isQuick ? 20 : 100); turn += 1) {
        const file = files.at(turn % files.length);
        const isFirst = turn % 2 === 0;
        let mine = isFirst ? await timeOf(() => ours.ask(file)) : 0;
        const theirs = await timeOf(() => bare(file));
        mine ||= await timeOf(() => ours.ask(file));
        if (turn < 0) continue;
        times.ours.push(mine);
        times.bare.push(theirs);
        ratios.push(mine / theirs);
      }
      log(
        `  ${model.what}${size}: ${median(times.ours).toFixed(1)} ms of processor time, bare ${median(times.bare).toFixed(1)} ms`,
      );
      rows.push(
        atMost(`${model.what}processor time of a photo of ${size} in a worker ÷ bare`, median(ratios), {
          bar: 1.05,
          unit: '×',
        }),
      );
    }
  }
  return rows;
}

/** Processor milliseconds of all threads of this process. */
async function timeOf(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** What runs in a worker process, told by messages as the engine tells it. */
async function openWorker({ modelFile }) {
  const { handleMessages } = await importSource('main/worker/handle-messages.ts');
  const { openDecoder } = await importSource('main/worker/picture-decoder.ts');
  const waiting = new Map();
  const decoder = openDecoder();
  const { handle } = handleMessages(
    () => decoder,
    (message) => waiting.get(message.id)(message),
    () => undefined,
  );
  let last = 0;
  const send = (message) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, (reply) =>
        reply.kind === 'failed' ? reject(new Error(reply.fault.message)) : resolve(reply),
      );
      handle({ message: { ...message, id: last }, blobs: [] });
    });
  await send({ kind: 'load', spec: specOf(modelFile) });
  const request = { top: 5 };
  const ask = (file) =>
    send({
      kind: 'infer',
      input: { name: file, source: { kind: 'file', path: file } },
      request,
    });
  return { ask };
}

function specOf(modelFile) {
  const read = (name) => JSON.parse(readFileSync(path.join(path.dirname(modelFile), name), 'utf8'));
  const { task, outputs, preprocessing, postprocessing, embedding, threshold, labels } =
    read('manifest.json');
  return {
    modelFile,
    provider: 'cpu',
    threads: 1,
    task,
    outputs,
    preprocessing,
    postprocessing,
    labels: read(labels ?? 'labels.json'),
    embedding: embedding ?? null,
    threshold,
  };
}

async function openBareModel({ modelFile, isDetector }) {
  const session = await InferenceSession.create(modelFile, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
  return (file) => (isDetector ? detect(session, file, hash) : classify({ session, labels: [] }, file, hash));
}
