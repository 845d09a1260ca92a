import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../../setup/paths.mjs';
import { classifier } from '../places.mjs';
import { startServer } from './start.mjs';

export const peersFolder = path.join(root, 'bench', 'peers');
const tinyModel = path.join(peersFolder, 'models', 'tiny', '1', 'model.onnx');
const tinyBody = JSON.stringify({ instances: [[1, 2, 3, 4]] });
const json = { 'Content-Type': 'application/json' };
const jpeg = { 'Content-Type': 'image/jpeg' };

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
const answers = async (url, body, headers) => (await fetch(url, { method: 'POST', body, headers })).ok;

/** Outpost with two workers of one thread, as many as the peers have. */
export async function outpost(folder, { load, decode = 'exact' }) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const cli = pathToFileURL(path.join(root, 'out', 'main', 'cli.js')).href;
  const args = [
    '--input-type=module',
    '--eval',
    `const { main } = await import('${cli}'); process.exitCode = await main(process.argv.slice(1));`,
    '--',
    'serve',
    '--bind',
    `127.0.0.1:${port}`,
    '--workers',
    '2',
    '--threads',
    '1',
    '--decode',
    decode,
    '--models',
    path.join(peersFolder, 'models'),
    '--data',
    path.join(folder, 'data'),
    ...load.flatMap((id) => ['--load', id]),
  ];
  const probe = load.includes('tiny')
    ? (base) => answers(`${base}/v1/models/tiny:predict`, tinyBody, json)
    : async (base) => (await fetch(`${base}/v2/health/ready`)).ok;
  const server = await startServer({
    command: process.execPath,
    args,
    cwd: root,
    env: {},
    url,
    isGood: probe,
  });
  return {
    ...server,
    jpeg: { url: `${url}/predict?top=5&cache=false`, headers: jpeg },
    jpegCached: { url: `${url}/predict?top=5`, headers: jpeg },
    tiny: { url: `${url}/v1/models/tiny:predict`, headers: json },
    pixelsJson: { url: `${url}/v2/models/${classifier.id}/infer`, headers: json, body: 'pixelsOip' },
    pixelsBinary: (head) => ({
      url: `${url}/v2/models/${classifier.id}/infer`,
      headers: {
        'Content-Type': 'application/octet-stream',
        'Inference-Header-Content-Length': String(head),
      },
    }),
  };
}

const peerEnv = {
  PEER_PICTURE_MODEL: classifier.modelFile,
  PEER_TINY_MODEL: tinyModel,
  OMP_NUM_THREADS: '1',
};

/** gunicorn + Flask as guides write it, two workers. */
export async function flask(python) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ['-m', 'gunicorn', '-w', '2', '-b', `127.0.0.1:${port}`, '--timeout', '120', 'flask_app:app'];
  const isGood = (base) => answers(`${base}/tiny`, tinyBody, json);
  const server = await startServer({ command: python, args, cwd: peersFolder, env: peerEnv, url, isGood });
  return {
    ...server,
    jpeg: { url: `${url}/predict`, headers: jpeg },
    jpegTuned: { url: `${url}/predict-tuned`, headers: jpeg },
    tiny: { url: `${url}/tiny`, headers: json },
    pixelsJson: { url: `${url}/pixels`, headers: json, body: 'pixelsJson' },
  };
}

/** FastAPI behind uvicorn, two workers. */
export async function fastapi(python) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = [
    '-m',
    'uvicorn',
    'fastapi_app:app',
    '--workers',
    '2',
    '--port',
    String(port),
    '--log-level',
    'error',
  ];
  const isGood = (base) => answers(`${base}/tiny`, tinyBody, json);
  const server = await startServer({ command: python, args, cwd: peersFolder, env: peerEnv, url, isGood });
  return {
    ...server,
    jpeg: { url: `${url}/predict`, headers: jpeg },
    tiny: { url: `${url}/tiny`, headers: json },
    pixelsJson: { url: `${url}/pixels`, headers: json, body: 'pixelsJson' },
  };
}

/** Runs a second of two bare processes that do nothing but run the model. */
export async function sessionLoop(python, seconds) {
  const { stdout, stderr, status } = spawnSync(python, ['loop.py', '2', String(seconds)], {
    cwd: peersFolder,
    env: { ...process.env, ...peerEnv },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the session loop ended with ${status}: ${stderr}`);
  return Number(stdout);
}
