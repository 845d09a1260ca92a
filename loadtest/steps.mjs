// The scenario with autocannon; tools/loadtest.mjs hands in the environment and prints each step.
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';
import { scenario } from './scenario.mjs';

/**
 * Plays every step against the address, one after the other. Times in milliseconds; `failed` counts answers other than
 * 2xx, broken connections and timeouts, of them `refused` those of 503, which say when to come again.
 */
export async function* playSteps({ address, photo, token, env }) {
  const { path, steps } = scenario(env);
  const body = readFileSync(photo);
  for (const { name, users, seconds } of steps) {
    const result = await autocannon({
      url: new URL(path, address).href,
      method: 'POST',
      headers: { 'content-type': 'image/jpeg', ...(token && { authorization: `Bearer ${token}` }) },
      body,
      connections: users,
      duration: seconds,
      timeout: 60,
    });
    const { latency, requests, non2xx, errors, timeouts, statusCodeStats, duration } = result;
    yield {
      name,
      users,
      seconds: duration,
      answered: result['2xx'],
      failed: non2xx + errors + timeouts,
      refused: statusCodeStats?.['503']?.count ?? 0,
      rate: result['2xx'] / duration,
      sent: requests.sent,
      p50: latency.p50,
      p90: latency.p90,
      p99: latency.p99,
      max: latency.max,
    };
  }
}
