import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { operators } from './rolling.ts';

/** What callers know the nodes by, as in the shipped configuration. */
export const publicName = 'outpost.example.org';

export type Load = {
  /** Requests that were answered with 200 and the right numbers, by version of the model. */
  readonly good: ReadonlyMap<string, number>;
  /** What every other one got instead. */
  readonly failed: readonly string[];
  total(): number;
  /** Resolves when each lane has its last answer. */
  stop(): Promise<void>;
};

/**
 * Constant load on a model, each lane with one kept connection and one request under way, or a pause. Which version answered
 * is told by its numbers: each calculates something else.
 */
export function startLoad(
  url: string,
  model: string,
  { clients, pauseMs = 0 }: { readonly clients: number; readonly pauseMs?: number },
): Load {
  const good = new Map<string, number>();
  const failed: string[] = [];
  let isOver = false;
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  let next = 0;
  const client = async (): Promise<void> => {
    while (!isOver) {
      const number = ++next;
      const { status, text } = await post(agent, `${url}/v1/models/${model}:predict`, question(number));
      const answer = status === 200 ? versionOf(text, number) : null;
      if (answer === null) failed.push(`${status} ${text.slice(0, 200)}`);
      else good.set(answer, (good.get(answer) ?? 0) + 1);
      if (pauseMs > 0) await sleep(pauseMs);
    }
  };
  const allEnded = Promise.all(Array.from({ length: clients }, client));
  return {
    good,
    failed,
    total: () => [...good.values()].reduce((sum, count) => sum + count, failed.length),
    stop: async () => {
      isOver = true;
      await allEnded;
      agent.destroy();
    },
  };
}

const tableOf = (number: number, by: number) => [0, 1, 2].map((at) => by * (1 + (number % 1000)) + at);

/** Different with each number, so that no answer is one that was kept. */
function question(number: number): string {
  return JSON.stringify({ inputs: { a: [tableOf(number, 1)], b: [tableOf(number, 2)], count: [number] } });
}

function versionOf(text: string, number: number): string | null {
  const { outputs } = JSON.parse(text) as { outputs: { sum: number[][]; count_out: number[] } };
  const results = {
    Add: (a: number, b: number) => a + b,
    Sub: (a: number, b: number) => a - b,
    Max: (a: number, b: number) => Math.max(a, b),
  };
  const [a, b] = [tableOf(number, 1), tableOf(number, 2)];
  const found = Object.entries(operators).find(
    ([, operator]) =>
      JSON.stringify(outputs.sum[0]) ===
      JSON.stringify(a.map((value, at) => results[operator](value, b[at]!))),
  );
  return found && outputs.count_out[0] === number ? found[0] : null;
}

/** Status 0: there was no answer at all. Nothing here tries again. */
function post(agent: Agent, url: string, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve) => {
    const outgoing = request(url, {
      agent,
      method: 'POST',
      headers: {
        host: publicName,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      },
    });
    outgoing.setTimeout(20_000, () => outgoing.destroy(new Error('no answer within 20 s')));
    outgoing.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (text += piece));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', (error) => resolve({ status: 0, text: error.message }));
    });
    outgoing.on('error', (error) => resolve({ status: 0, text: error.message }));
    outgoing.end(body);
  });
}
