import path from 'node:path';
import { pythonWith } from '../../python.mjs';
import { classifier } from '../places.mjs';
import { startServer } from './start.mjs';
import { answers, freePort, jpeg, json, peersFolder, tinyBody, tinyModel, workers } from './stacks.mjs';

/*
 * What people serve a model with in Python, each with two workers and with glibc told to keep freed memory, as any operator may:
 * otherwise the pages of each photo are faulted in again.
 */

const peerEnv = {
  PEER_PICTURE_MODEL: classifier.modelFile,
  PEER_TINY_MODEL: tinyModel,
  OMP_NUM_THREADS: '1',
};
const glibcMemory = { MALLOC_TRIM_THRESHOLD_: '268435456', MALLOC_MMAP_THRESHOLD_: '268435456' };
const fair = { ...peerEnv, ...glibcMemory };

/** The peers that can be set up here, as [name, start]; those that cannot are logged. */
export async function peersOf({ bodies, folder, log }) {
  const withPackages = async (file, stacks) => {
    const python = await pythonWith(path.join(peersFolder, file), log);
    return python === null
      ? []
      : Object.entries(stacks).map(([name, start]) => [
          name,
          () => started({ name, log }, () => start({ python, bodies, folder })),
        ]);
  };
  return [
    ...(await withPackages('requirements.txt', { flask, flaskPlain, fastapi })),
    ...(await withPackages('requirements-litserve.txt', { litserve })),
    ...(await withPackages('requirements-mlserver.txt', { mlserver })),
  ];
}

/** Null, with the reason logged, where it does not start. */
async function started({ name, log }, start) {
  try {
    return await start();
  } catch (error) {
    log(`  ${name} is left out: ${String(error.message).slice(0, 300)}`);
    return null;
  }
}

/** gunicorn + Flask as guides write it. */
const flask = (parts) => gunicorn(parts, fair);

/** The same, with glibc as it comes; of photos alone. */
async function flaskPlain(parts) {
  const { exact, url, pid, startMs, end } = await gunicorn(parts, peerEnv);
  return { exact, url, pid, startMs, end };
}

async function gunicorn({ python, bodies }, env) {
  const port = await freePort();
  const args = ['-m', 'gunicorn', '-w', String(workers), '-b', `127.0.0.1:${port}`, '--timeout', '120'];
  const server = await startPeer({ command: python, args: [...args, 'flask_app:app'], env, port });
  return {
    ...server,
    ...handlers(server, bodies),
    fast: { url: `${server.url}/predict-tuned`, headers: jpeg },
  };
}

/** FastAPI behind uvicorn. */
async function fastapi({ python, bodies }) {
  const port = await freePort();
  const args = ['-m', 'uvicorn', 'fastapi_app:app', '--workers', String(workers), '--port', String(port)];
  const server = await startPeer({
    command: python,
    args: [...args, '--log-level', 'error'],
    env: fair,
    port,
  });
  return { ...server, ...handlers(server, bodies) };
}

/** LitServe: photos as the file of a form. */
async function litserve({ python, bodies }) {
  const port = await freePort();
  const server = await startPeer({
    command: python,
    args: ['litserve_app.py', String(port), String(workers)],
    env: fair,
    port,
  });
  return {
    ...server,
    exact: { url: `${server.url}/predict`, ...photoForm },
    tinyJson: { url: `${server.url}/tiny`, headers: json, body: bodies.tinyJson },
  };
}

/** MLServer: the Open Inference Protocol; photos in base64. */
async function mlserver({ python, folder }) {
  const [port, grpc, metrics] = [await freePort(), await freePort(), await freePort()];
  const infer = (url, model) => `${url}/v2/models/${model}/infer`;
  const rows = tensorBody({ name: 'x', shape: [1, 4], datatype: 'FP32', data: [1.5, 2.25, 3.125, 4] });
  const server = await startPeer({
    command: path.join(path.dirname(python), 'mlserver'),
    args: ['start', path.join(peersFolder, 'mlserver')],
    // It writes folders of its own where it is started.
    cwd: folder,
    env: {
      ...fair,
      PYTHONPATH: peersFolder,
      MLSERVER_HOST: '127.0.0.1',
      MLSERVER_HTTP_PORT: String(port),
      MLSERVER_GRPC_PORT: String(grpc),
      MLSERVER_METRICS_PORT: String(metrics),
      MLSERVER_PARALLEL_WORKERS: String(workers),
    },
    port,
    isGood: (url) => answers(infer(url, 'tiny'), rows, json),
  });
  const photoBody = (photo) =>
    tensorBody({
      name: 'photo',
      shape: [1],
      datatype: 'BYTES',
      data: [photo.toString('base64')],
      parameters: { content_type: 'base64' },
    });
  return {
    ...server,
    exact: { url: infer(server.url, 'photo'), headers: json, wrap: photoBody },
    tinyJson: { url: infer(server.url, 'tiny'), headers: json, body: rows },
  };
}

const startPeer = ({ port, isGood = (url) => answers(`${url}/tiny`, tinyBody, json), ...server }) =>
  startServer({ cwd: peersFolder, ...server, url: `http://127.0.0.1:${port}`, isGood });

const handlers = ({ url }, bodies) => ({
  exact: { url: `${url}/predict`, headers: jpeg },
  tinyJson: { url: `${url}/tiny`, headers: json, body: bodies.tinyJson },
  pixelsJson: { url: `${url}/pixels`, headers: json, body: bodies.pixelsJson },
});

const tensorBody = (tensor) => Buffer.from(JSON.stringify({ inputs: [tensor] }));

const boundary = 'photo-of-the-bench';
const photoForm = {
  headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
  wrap: (photo) =>
    Buffer.concat([
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="photo"; filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`,
      ),
      photo,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
};
