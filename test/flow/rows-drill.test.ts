import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Graph } from '../fixtures/onnx-builder.ts';
import { onnxModel } from '../fixtures/onnx-builder.ts';
import { crossRow, dataDependent, rowWise } from '../fixtures/row-graphs.ts';
import { inLong } from '../long.ts';
import { endAll, post, startServe } from './serve-process.ts';
import type { Serve } from './serve-process.ts';
import { newFolder } from '../temp/folder.ts';

/*
 * The standing drill: many small graphs under sixteen clients at once, each answer compared with the answer to the same
 * request alone. The seed is fixed.
 */
const clients = 16;
const turns = 12;
const seed = 20_261_128;
/** Of each kind every third in the usual run; test/engine/batching joins, or refuses to join, each of them. */
const graphs: Readonly<Record<string, Graph>> = Object.fromEntries(
  [rowWise, crossRow, dataDependent].flatMap((kind) =>
    Object.entries(kind).filter((_, at) => at % inLong(1, 3) === 0),
  ),
);

type Output = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
};

let serve: Serve;
beforeAll(async () => {
  const folder = newFolder('drill');
  for (const [id, graph] of Object.entries(graphs)) {
    mkdirSync(path.join(folder, id, '1'), { recursive: true });
    writeFileSync(path.join(folder, id, '1', 'model.onnx'), onnxModel(graph));
  }
  // Where models run apart, requests wait for a worker and come together; a quick model of an HTTP worker runs each at once.
  const isolated = ['--inference', 'isolated', '--workers', '1'];
  serve = await startServe(['--models', folder, '--load', 'none', ...isolated, '--verbose']);
});
afterAll(endAll);

function randomOf(start: number): () => number {
  let state = start;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

const args = ['river', 'hill', '', 'blue stone', 'é'] as const;
const datatypes: Readonly<Record<string, string>> = { float32: 'FP32', int64: 'INT64', string: 'BYTES' };

/** One to four rows; now and then a value far from all others. */
function requestFor({ inputs: [input] }: Graph, random: () => number): string {
  const rows = 1 + Math.floor(random() * 4);
  const scale = 10 ** (random() * 4 - 2);
  const draw = (): number | string => {
    if (input?.type === 'string') return args[Math.floor(random() * args.length)] ?? '';
    if (input?.type === 'int64') return Math.floor(random() * 12);
    return Math.fround(random() < 0.02 ? 2e6 : (random() * 2 - 1) * scale);
  };
  const data = Array.from({ length: rows * 4 }, draw);
  return JSON.stringify({
    inputs: [{ name: 'x', datatype: datatypes[input?.type ?? ''], shape: [rows, 4], data }],
  });
}

async function ask(id: string, body: string): Promise<readonly Output[]> {
  const answer = await post(`${serve.url}/v2/models/${id}/infer`, body);
  if (answer.status !== 200) throw new Error(`${id}: ${answer.status} ${answer.body}`);
  return (JSON.parse(answer.body) as { outputs: readonly Output[] }).outputs;
}

/** Sums may be in another order when rows were joined; nothing more may differ. */
function isSame(one: readonly Output[], other: readonly Output[]): boolean {
  return one.every(({ shape, data }, at) => {
    const against = other[at];
    if (!against || against.shape.join() !== shape.join()) return false;
    const most = Math.max(0, ...data.map((value) => Math.abs(Number(value)) || 0));
    return data.every((value, index) => {
      const left = against.data[index];
      return left === value || Math.abs(Number(left) - Number(value)) <= 2e-5 * most;
    });
  });
}

async function largestBatch(id: string): Promise<number> {
  const answer = (await (await fetch(`${serve.url}/v2/models/${id}/stats`)).json()) as {
    model_stats: readonly { batch_stats: readonly { batch_size: number }[] }[];
  };
  return Math.max(...(answer.model_stats[0]?.batch_stats ?? []).map(({ batch_size: size }) => size));
}

describe.each(Object.keys(graphs))('%s under sixteen clients', (id) => {
  it('gives each client what it gets alone', async () => {
    const random = randomOf(seed + id.length);
    const bodies = Array.from({ length: 3 * clients }, () => requestFor(graphs[id]!, random));
    const alone: (readonly Output[])[] = [];
    for (const body of bodies) alone.push(await ask(id, body));
    let wrong = 0;
    const press = async (): Promise<void> => {
      const one = async (client: number): Promise<void> => {
        for (let turn = 0; turn < turns; turn += 1) {
          const at = (client * 7 + turn * 5) % bodies.length;
          if (!isSame(alone[at]!, await ask(id, bodies[at]!))) wrong += 1;
        }
      };
      await Promise.all(Array.from({ length: clients }, (_, client) => one(client)));
    };
    await press();
    // The first ones run alone; what is found out about the model changes nothing in its answers.
    await expect
      .poll(() => serve.output(), { timeout: 60_000 })
      .toMatch(new RegExp(`${id}@1.0.0: (?:rows|each)`, 'u'));
    await press();
    await press();
    expect(wrong).toBe(0);
    const isJoined = (await largestBatch(id)) > 4;
    expect(isJoined).toBe(id in rowWise);
  });
});
