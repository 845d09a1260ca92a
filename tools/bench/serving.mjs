import path from 'node:path';
import { atLeast, atMost } from './rows.mjs';
import { classifier, withFolder } from './places.mjs';
import { makeBodies } from './serving/bodies.mjs';
import { clientName, load } from './serving/client.mjs';
import { memoryOf } from './serving/process-tree.mjs';
import { pythonWith } from '../python.mjs';
import { fastapi, flask, outpost, peersFolder, sessionLoop } from './serving/stacks.mjs';

/**
 * Outpost and the stacks that it is measured against, each with two workers of one thread, the same model and the same
 * client in one run. Without Python only Outpost's own figures are given.
 */
export function measureServing({ isQuick, log }) {
  return withFolder(async (folder) => {
    const seconds = isQuick ? 3 : 8;
    const bodies = await makeBodies();
    const python = await pythonWith(path.join(peersFolder, 'requirements.txt'), log);
    log(
      `  client: ${clientName}; ${seconds} s each; photos of ${kib(bodies.jpeg2)} and ${kib(bodies.jpeg12)}`,
    );
    const run = { folder, seconds, bodies, log };
    const figures = {
      outpost: await measured('Outpost', () => outpost(folder, { load: [classifier.id, 'tiny'] }), run),
      fast: await measured(
        'Outpost, --decode fast',
        () => outpost(folder, { load: [classifier.id], decode: 'fast' }),
        run,
      ),
    };
    if (python) {
      figures.flask = await measured('gunicorn + Flask', () => flask(python), run);
      figures.fastapi = await measured('FastAPI + uvicorn', () => fastapi(python), run);
      figures.loop = { pixelsBinary: { perSecond: await sessionLoop(python, seconds) } };
      log(`  bare session loop, 2 processes: ${figures.loop.pixelsBinary.perSecond.toFixed(1)}/s`);
    }
    return rowsOf(figures);
  });
}

const connections = {
  jpeg2: 8,
  jpeg12: 8,
  jpegTuned2: 8,
  jpegTuned12: 8,
  tiny: 16,
  pixelsJson: 8,
  pixelsBinary: 8,
};

/** Every scenario that this stack has, one after the other. */
async function measured(name, start, { folder, seconds, bodies, log }) {
  const server = await start();
  const found = { startMs: server.startMs };
  let peak = 0;
  try {
    const scenarios = {
      jpeg2: server.jpeg && { ...server.jpeg, body: bodies.jpeg2 },
      jpeg12: server.jpeg && { ...server.jpeg, body: bodies.jpeg12 },
      jpegTuned2: server.jpegTuned && { ...server.jpegTuned, body: bodies.jpeg2 },
      jpegTuned12: server.jpegTuned && { ...server.jpegTuned, body: bodies.jpeg12 },
      tiny: server.tiny && { ...server.tiny, body: bodies.tiny },
      pixelsJson: server.pixelsJson && { ...server.pixelsJson, body: bodies[server.pixelsJson.body] },
      pixelsBinary: server.pixelsBinary && {
        ...server.pixelsBinary(bodies.pixelsHead),
        body: bodies.pixelsBinary,
      },
    };
    for (const [scenario, request] of Object.entries(scenarios)) {
      if (!request) continue;
      const ask = { ...request, connections: connections[scenario], folder };
      await load({ ...ask, seconds: scenario === 'tiny' ? 5 : 2 });
      const result = await load({ ...ask, seconds });
      if (result.failures > 0)
        throw new Error(`${name} failed ${result.failures} of ${result.total} ${scenario} requests`);
      found[scenario] = result;
      if (!scenario.startsWith('pixels')) peak = Math.max(peak, memoryOf(server.pid));
      log(
        `  ${name}, ${scenario}: ${result.perSecond.toFixed(1)}/s, p50 ${result.p50.toFixed(1)} ms, p99 ${result.p99.toFixed(1)} ms, ${Math.round(memoryOf(server.pid) / 1024 ** 2)} MiB`,
      );
    }
  } finally {
    await server.end();
  }
  return { ...found, memory: peak };
}

function rowsOf({ outpost: own, fast, flask: plain, fastapi: api, loop }) {
  const rows = [
    atMost('start of the server to its first good answer', own.startMs / 1000, { bar: 1.5, unit: 's' }),
    atMost('memory of the whole process tree, 2 workers', own.memory / 1024 ** 2, { bar: 400, unit: 'MiB' }),
  ];
  const ratio = (name, [one, other], bar) => {
    if (one && other) rows.push(atLeast(name, one.perSecond / other.perSecond, { bar, unit: '×' }));
  };
  const p99 = (name, one, other) => {
    if (one && other) rows.push(atMost(name, one.p99 / other.p99, { bar: 0.5, unit: '×' }));
  };
  ratio('JPEG 2 MP, exact ÷ gunicorn + Flask', [own.jpeg2, plain?.jpeg2], 2);
  p99('JPEG 2 MP, p99 ÷ gunicorn + Flask', own.jpeg2, plain?.jpeg2);
  ratio('JPEG 12 MP, exact ÷ gunicorn + Flask', [own.jpeg12, plain?.jpeg12], 3);
  p99('JPEG 12 MP, p99 ÷ gunicorn + Flask', own.jpeg12, plain?.jpeg12);
  ratio('JPEG 12 MP, fast ÷ gunicorn + Flask', [fast.jpeg12, plain?.jpeg12], 3);
  ratio('JPEG 2 MP, fast ÷ tuned gunicorn + Flask', [fast.jpeg2, plain?.jpegTuned2], 1.15);
  ratio('JPEG 12 MP, fast ÷ tuned gunicorn + Flask', [fast.jpeg12, plain?.jpegTuned12], 1.15);
  ratio('tiny JSON, 16 clients ÷ gunicorn + Flask', [own.tiny, plain?.tiny], 5);
  ratio('tiny JSON, 16 clients ÷ FastAPI', [own.tiny, api?.tiny], 3);
  ratio('image tensor, binary ÷ bare session loop', [own.pixelsBinary, loop?.pixelsBinary], 0.95);
  ratio(
    'image tensor as JSON ÷ best peer here',
    [own.pixelsJson, best(plain?.pixelsJson, api?.pixelsJson)],
    1.5,
  );
  return rows;
}

const best = (...all) => all.filter(Boolean).toSorted((one, other) => other.perSecond - one.perSecond)[0];
const kib = ({ byteLength }) => `${Math.round(byteLength / 1024)} KiB`;
