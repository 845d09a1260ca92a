import { Agent, request } from 'node:http';

export type Load = {
  /** Requests that were answered with 200 and the right numbers, by version of the model. */
  readonly good: ReadonlyMap<string, number>;
  /** What every other one got instead. */
  readonly failed: readonly string[];
  total(): number;
  /** Resolves when each lane has its last answer. */
  stop(): Promise<void>;
};

/** Constant load on `sum = a + b` of a model, each lane with one kept connection and one request under way. */
export function startLoad(url: string, model: string, lanes: number): Load {
  const good = new Map<string, number>();
  const failed: string[] = [];
  let isOver = false;
  const agent = new Agent({ keepAlive: true, maxSockets: lanes });
  let next = 0;
  const lane = async (): Promise<void> => {
    while (!isOver) {
      const number = ++next;
      const { status, text } = await post(agent, `${url}/v2/models/${model}/infer`, question(number));
      const answer = status === 200 ? versionOf(text, number) : null;
      if (answer === null) failed.push(`${status} ${text.slice(0, 200)}`);
      else good.set(answer, (good.get(answer) ?? 0) + 1);
    }
  };
  const lanesOver = Promise.all(Array.from({ length: lanes }, lane));
  return {
    good,
    failed,
    total: () => [...good.values()].reduce((sum, count) => sum + count, failed.length),
    stop: async () => {
      isOver = true;
      await lanesOver;
      agent.destroy();
    },
  };
}

/** Different with each number, so that no answer is one that was kept. */
function question(number: number): string {
  const table = (by: number) => Array.from({ length: 3 }, (_, at) => number * by + at);
  const input = (name: string, datatype: string, shape: readonly number[], data: readonly number[]) => ({
    name,
    datatype,
    shape,
    data,
  });
  return JSON.stringify({
    id: String(number),
    inputs: [
      input('a', 'FP32', [1, 3], table(1)),
      input('b', 'FP32', [1, 3], table(2)),
      input('count', 'INT64', [1], [number]),
    ],
  });
}

function versionOf(text: string, number: number): string | null {
  const { id, model_version, outputs } = JSON.parse(text) as {
    id: string;
    model_version: string;
    outputs: { name: string; data: number[] }[];
  };
  const sum = outputs.find(({ name }) => name === 'sum')?.data;
  const expected = Array.from({ length: 3 }, (_, at) => Math.fround(number * 3 + 2 * at));
  return id === String(number) && JSON.stringify(sum) === JSON.stringify(expected) ? model_version : null;
}

/** Status 0: there was no answer at all. Nothing here tries again. */
function post(agent: Agent, url: string, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve) => {
    const outgoing = request(url, {
      agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
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
