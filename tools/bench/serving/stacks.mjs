import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { root } from '../../setup/paths.mjs';
import { classifier } from '../places.mjs';
import { startServer } from './start.mjs';

const execute = promisify(execFile);
export const peersFolder = path.join(root, 'bench', 'peers');
export const tinyModel = path.join(peersFolder, 'models', 'tiny', '1', 'model.onnx');
const ceilingFolder = path.join(root, 'bench', 'ceiling');
export const tinyBody = JSON.stringify({ instances: [[1, 2, 3, 4]] });
export const workers = 2;
export const json = { 'Content-Type': 'application/json' };
export const jpeg = { 'Content-Type': 'image/jpeg' };

export const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
export const answers = async (url, body, headers) => (await fetch(url, { method: 'POST', body, headers })).ok;

const binary = { 'Content-Type': 'application/octet-stream' };
const withHead = (head) => ({ ...binary, 'Inference-Header-Content-Length': String(head) });

const cli = [fileURLToPath(new URL('command-line.mjs', import.meta.url))];

/** Whether this build's `outpost serve` takes an option. */
export async function serveTakes(option) {
  const { stdout } = await execute(process.execPath, [...cli, 'serve', '--help'], { cwd: root });
  return stdout.includes(option);
}

/**
 * Outpost with two workers of one thread, as many as the peers have. `data` is a folder that may know the models already,
 * `good` a photo whose answer is the first good one; `options` are further ones of `serve`.
 */
export async function outpost({ data, load, good, bodies, options = [], grpcPort = 0 }) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ['serve', '--bind', `127.0.0.1:${port}`, '--workers', String(workers), '--threads', '1'];
  args.push('--models', path.join(peersFolder, 'models'), '--data', data);
  args.push(...load.flatMap((id) => ['--load', id]), ...options);
  if (grpcPort) args.push('--grpc-bind', `127.0.0.1:${grpcPort}`);
  const server = await startServer({
    command: process.execPath,
    args: [...cli, ...args],
    cwd: root,
    env: {},
    url,
    isGood: (base) => answers(`${base}/predict?top=5&cache=false`, good, jpeg),
  });
  const infer = (model) => `${url}/v2/models/${model}/infer`;
  const predict = `${url}/predict?top=5&cache=false`;
  const { tinyHead, pixelsHead } = bodies;
  return {
    ...server,
    exact: { url: predict, headers: jpeg },
    fast: { url: `${predict}&decode=fast`, headers: jpeg },
    tinyJson: { url: `${url}/v1/models/tiny:predict`, headers: json, body: bodies.tinyJson },
    tinyBinary: { url: infer('tiny'), headers: withHead(tinyHead), body: bodies.tinyOip },
    pixelsJson: { url: infer(classifier.id), headers: json, body: bodies.pixelsOip },
    pixelsBinary: { url: infer(classifier.id), headers: withHead(pixelsHead), body: bodies.pixelsBinary },
  };
}

/** The bare pre-fork server: the same libraries and nothing else. */
export async function ceiling({ bodies }) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = await startServer({
    command: process.execPath,
    args: ['server.mjs', String(port), String(workers), classifier.modelFile, tinyModel],
    cwd: ceilingFolder,
    env: {},
    url,
    isGood: (base) => answers(`${base}/tiny`, tinyBody, json),
  });
  return {
    ...server,
    exact: { url: `${url}/predict`, headers: jpeg },
    fast: { url: `${url}/predict?decode=fast`, headers: jpeg },
    tinyJson: { url: `${url}/tiny`, headers: json, body: bodies.tinyJson },
    tinyBinary: { url: `${url}/tiny-binary`, headers: binary, body: bodies.tinyRaw },
    pixelsJson: { url: `${url}/pixels`, headers: json, body: bodies.pixelsJson },
    pixelsBinary: { url: `${url}/pixels-binary`, headers: binary, body: bodies.pixelsRaw },
  };
}

/** Runs a second of two bare processes that do nothing but run the model. */
export async function sessionLoop(seconds) {
  const args = ['loop.mjs', String(workers), String(seconds), classifier.modelFile];
  const { stdout } = await execute(process.execPath, args, { cwd: ceilingFolder });
  return Number(stdout);
}
