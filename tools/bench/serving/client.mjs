import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from 'node:net';
import { answerReader } from './answer-reader.mjs';

/**
 * Posts the same body over `connections` for `seconds`, from a process of its own; each connection asks again as soon as it is answered,
 * and opens anew where a server closes it (gunicorn's sync workers do after each answer). Little else is done for a request, since client and servers
 * share the cores: autocannon takes 30 µs for each, and half a second to come back to a connection that was closed. `folder` is for the body.
 * With `perSecond` in place of `connections`: the open loop of open-loop.mjs, and its figures.
 * @returns {Promise<{perSecond: number, p50: number, p99: number, failures: number, total: number}>} times in milliseconds
 */
export function load({ body, folder, ...request }) {
  const bodyFile = path.join(folder, 'body.bin');
  writeFileSync(bodyFile, body);
  return new Promise((resolve, reject) => {
    const child = fork(path.join(path.dirname(fileURLToPath(import.meta.url)), 'client-process.mjs'));
    child.once('message', (result) => {
      child.disconnect();
      resolve(result);
    });
    child.once('error', reject);
    child.once('exit', (code) => code !== 0 && reject(new Error(`the client ended with ${code}`)));
    child.send({ ...request, bodyFile });
  });
}

/** The same in this process. */
export async function play({ url, headers, body, connections, seconds }) {
  const asked = requestBytes({ url, headers, body });
  const begun = performance.now();
  const end = begun + 1000 * seconds;
  const latencies = [];
  let failures = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const connection = keepOpen(asked);
      while (performance.now() < end) {
        const from = performance.now();
        const status = await connection.ask(end + patienceMs);
        if (status !== 200) failures += 1;
        else latencies.push(performance.now() - from);
      }
      connection.close();
    }),
  );
  const sorted = Float64Array.from(latencies).sort();
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return {
    perSecond: (1000 * latencies.length) / (performance.now() - begun),
    p50: at(0.5),
    p99: at(0.99),
    failures,
    total: latencies.length + failures,
  };
}

/** The bytes of a request, and where they go. */
export function requestBytes({ url, headers, body }) {
  const { hostname, port, pathname, search } = new URL(url);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n${lines.join('')}Content-Length: ${body.byteLength}\r\n\r\n`;
  return { port: Number(port), hostname, request: Buffer.concat([Buffer.from(head), body]) };
}

/** How long the last answers are waited for. */
const patienceMs = 30_000;

/** A connection that is opened anew where the server ended it; `ask` gives the status, 0 where there was none. */
export function keepOpen({ hostname, port, request }) {
  let socket = null;
  let settle = null;
  const settled = (outcome) => {
    const waiting = settle;
    settle = null;
    waiting?.(outcome);
  };
  const open = () => {
    socket = connect(port, hostname).setNoDelay(true);
    const read = answerReader();
    let isReused = false;
    const mine = socket;
    mine.on('data', (bytes) => {
      const answer = read(bytes);
      if (!answer) return;
      if (answer.closes) {
        mine.destroy();
        if (socket === mine) socket = null;
      }
      isReused = true;
      settled(answer.status);
    });
    mine.on('error', () => undefined);
    mine.on('close', () => {
      if (socket !== mine) return;
      socket = null;
      // A keep-alive connection may be closed by the server at the moment of its reuse.
      settled(isReused ? 'again' : 0);
    });
  };
  const once = (until) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => settled(0), Math.max(0, until - performance.now()));
      settle = (outcome) => {
        clearTimeout(timer);
        resolve(outcome);
      };
      if (!socket) open();
      socket.write(request);
    });
  return {
    ask: async (until) => {
      const first = await once(until);
      const status = first === 'again' ? await once(until) : first;
      return status === 'again' ? 0 : status;
    },
    close: () => socket?.destroy(),
  };
}
