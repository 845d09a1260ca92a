import { connect } from 'node:net';
import { atMost, leftOut } from '../rows.mjs';
import { answerReader } from './answer-reader.mjs';
import { requestBytes } from './client.mjs';
import { memoryOf } from './process-tree.mjs';
import { outpost } from './stacks.mjs';

const name = (count, active) => `${count} connections kept, ${active} of them active: memory of the tree`;
const bar = 600;
/** Opened at a time: the listen backlog is limited. */
const atOnce = 100;
const patienceMs = 60_000;

/** Memory with many open connections, some of them active; each must still get a response at the end. */
export async function connectionsOf({ ours, log, isQuick }) {
  const [count, active, rounds] = isQuick ? [2_000, 50, 5] : [10_000, 100, 20];
  const server = await outpost({ ...ours, load: ['tiny'] });
  const clients = [];
  try {
    const asked = requestBytes(server.tinyJson);
    const askAll = (some) => Promise.all(some.map((client) => client()));
    for (let at = 0; at < count; at += atOnce) {
      const some = await Promise.all(Array.from({ length: atOnce }, () => openClient(asked)));
      await askAll(some);
      clients.push(...some);
    }
    for (let round = 0; round < rounds; round += 1) await askAll(clients.slice(0, active));
    const mebibytes = memoryOf(server.pid) / 1024 ** 2;
    for (let at = 0; at < count; at += atOnce) await askAll(clients.slice(at, at + atOnce));
    log(`  ${count} connections kept: ${Math.round(mebibytes)} MiB`);
    return [atMost(name(count, active), mebibytes, { bar, unit: 'MiB' })];
  } catch (error) {
    const why = error.code === 'EMFILE' ? 'ulimit -n is too low' : error.message;
    return [leftOut(name(count, active), why, { bar, unit: 'MiB' })];
  } finally {
    for (const client of clients) client.close();
    await server.end();
  }
}

/** Each call sends one more request on the same connection, or on a new one where the last answer ended it; rejects unless the response is 200. */
async function openClient({ hostname, port, request }) {
  let settle = null;
  let socket = await openSocket();
  async function openSocket() {
    const opened = connect(port, hostname).setNoDelay(true);
    const read = answerReader();
    await new Promise((resolve, reject) => {
      opened.once('connect', resolve);
      opened.once('error', reject);
    });
    opened.on('error', () => undefined);
    opened.on('data', (bytes) => {
      const answer = read(bytes);
      if (answer) settle?.(answer);
    });
    opened.on('close', () => settle?.({ status: 'closed', closes: true }));
    return opened;
  }
  const ask = async () => {
    let timer;
    const { status, closes } = await new Promise((resolve) => {
      settle = resolve;
      timer = setTimeout(() => resolve({ status: 'late', closes: true }), patienceMs);
      socket.write(request);
    });
    clearTimeout(timer);
    settle = null;
    if (status !== 200) throw new Error(`a kept connection was answered ${status}`);
    if (!closes) return;
    // A server may end some connections, so that its workers share those that are used.
    socket.destroy();
    socket = await openSocket();
  };
  return Object.assign(ask, { close: () => socket.destroy() });
}
