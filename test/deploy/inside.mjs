// Runs inside the image's tree, beside the server, with its rights: what it finds goes to standard output as JSON.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const base = 'http://127.0.0.1:8501';
const [, token] = readFileSync('/run/secrets/outpost-token', 'utf8').trim().split(':');
const isHealthy = () => spawnSync(process.execPath, ['/opt/outpost/healthcheck.mjs']).status;
const write = (file) => {
  try {
    writeFileSync(file, 'x');
    return 'written';
  } catch ({ code }) {
    return code;
  }
};
const ask = async (path, init = {}) => {
  const answer = await fetch(base + path, init);
  return { status: answer.status, body: await answer.json().catch(() => null) };
};

const begun = Date.now();
while (isHealthy() !== 0 && Date.now() - begun < 30_000) await sleep(50);
const photo = readFileSync('/opt/outpost/models/efficientnet-lite0/samples/rocket.jpg');
const headers = { authorization: `Bearer ${token}` };
console.log(
  JSON.stringify({
    uid: process.getuid(),
    readyMs: Date.now() - begun,
    health: isHealthy(),
    root: write('/opt/outpost/x'),
    etc: write('/etc/x'),
    models: write('/mnt/models/x'),
    data: write('/data/x'),
    tmp: write('/tmp/x'),
    outside: await fetch('http://192.0.2.1/', { signal: AbortSignal.timeout(2000) }).then(
      () => 'reached',
      ({ cause, message }) => cause?.code ?? message,
    ),
    withoutToken: await ask('/v1/models/iris'),
    photo: await ask('/predict', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'image/jpeg' },
      body: photo,
    }),
    iris: await ask('/v1/models/iris/metadata', { headers }),
  }),
);
