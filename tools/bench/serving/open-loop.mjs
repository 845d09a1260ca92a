import { setTimeout as sleep } from 'node:timers/promises';
import { requestBytes, keepOpen } from './client.mjs';

/** How long the last answers are waited for. */
const patienceMs = 30_000;
/** Requests that came due since the last look leave together. */
const lookMs = 2;

/**
 * Sends so many requests a second whether or not those before were answered, as clients do that know nothing of each other:
 * on a connection that is free, else on a new one.
 * @returns {Promise<{goodPerSecond: number, refused: number, refusedP99: number, total: number, failures: number}>} times in
 *   milliseconds; `failures`: neither answered nor refused with 503
 */
export async function playOpen({ url, headers, body, perSecond, seconds }) {
  const asked = requestBytes({ url, headers, body });
  const free = [];
  const all = [];
  const answers = [];
  const send = async () => {
    const connection = free.pop() ?? keepOpen(asked);
    all.push(connection);
    const from = performance.now();
    const status = await connection.ask(from + patienceMs);
    answers.push({ status, ms: performance.now() - from });
    free.push(connection);
  };
  const begun = performance.now();
  const sent = [];
  for (let passedMs = 0; passedMs < 1000 * seconds; passedMs = performance.now() - begun) {
    while (sent.length < (passedMs / 1000) * perSecond) sent.push(send());
    await sleep(lookMs);
  }
  const lastedMs = performance.now() - begun;
  // What is answered behind the last request was not answered in this time.
  const good = answers.filter(({ status }) => status === 200).length;
  await Promise.all(sent);
  for (const connection of new Set(all)) connection.close();
  const refused = answers.filter(({ status }) => status === 503).map(({ ms }) => ms);
  const sorted = Float64Array.from(refused).sort();
  return {
    goodPerSecond: (1000 * good) / lastedMs,
    refused: refused.length,
    refusedP99: sorted[Math.min(sorted.length - 1, Math.floor(0.99 * sorted.length))] ?? Number.NaN,
    total: answers.length,
    failures: answers.filter(({ status }) => status !== 200 && status !== 503).length,
  };
}
