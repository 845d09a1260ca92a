import { afterEach, expect, test } from 'vitest';
import type { BatchingParameters, Served } from '../../../contract/serving/serving.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';
import type { OpenRunner } from '../../../main/engine/index.ts';
import { createRunners } from '../../../main/worker/index.ts';
import { rowWise } from '../../fixtures/row-graphs.ts';
import { openTestServing } from '../../fixtures/serving.ts';
import type { TestServing } from '../../fixtures/serving.ts';
import { writeTensorPack } from '../../fixtures/tensor-pack.ts';
import { newFolder } from '../../temp/folder.ts';

let open: TestServing | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

/** The model in this process; `ways` counts what was asked of it by message, and what ran at once. */
async function openModel(batching: BatchingParameters = {}) {
  const models = newFolder();
  writeTensorPack(models, 'row-scale', rowWise['row-scale']!);
  const ways = { messages: 0, atOnce: 0 };
  const runners = createRunners();
  const openRunner: OpenRunner = (send, onDrained) => {
    const { handle, run } = runners(send, onDrained);
    return {
      handle: (frame) => {
        if (frame.message.kind === 'run') ways.messages += 1;
        handle(frame);
      },
      run: (tensors) => {
        ways.atOnce += 1;
        return run(tensors);
      },
    };
  };
  open = await openTestServing({
    engine: {
      modelFolders: [models],
      override: { workers: 1, threads: 1 },
      inProcess: { openRunner, onLate: () => undefined },
    },
    serving: { batching: { 'row-scale': batching } },
  });
  const { serving } = open;
  const found = serving.find({ id: 'row-scale' });
  if (!found.ok) throw new Error(found.fault.message);
  const served = found.value;
  const reported: Served[] = [];
  serving.onServed((one) => void reported.push(one));
  const ask = (tensors: readonly TensorBytes[], more: { readonly signal?: AbortSignal } = {}) =>
    serving.infer({ served, tensors, client: 'http', deadlineMs: 30_000, ...more });
  return { serving, ask, ways, reported };
}

const row = (...values: readonly number[]): TensorBytes => ({
  name: 'x',
  type: 'float32',
  dims: [values.length / 4, 4],
  data: new Uint8Array(Float32Array.from(values).buffer),
});
const numbers = ({ data }: TensorBytes): readonly number[] => [
  ...new Float32Array(data.slice().buffer as ArrayBuffer),
];

async function warmed(batching: BatchingParameters = {}) {
  const model = await openModel(batching);
  for (let turn = 0; turn < 20; turn += 1) expect((await model.ask([row(1, 2, 3, 4)])).ok).toBe(true);
  model.ways.messages = model.ways.atOnce = 0;
  model.reported.length = 0;
  return model;
}

test('requests of a quick model run at once, each with its own answer, and each is reported', async () => {
  const { ask, ways, reported } = await warmed();
  const answers = await Promise.all(Array.from({ length: 16 }, (_, at) => ask([row(at, 1, 2, 3)])));
  expect(answers.map((answer) => answer.ok && numbers(answer.value.tensors[0]!))).toEqual(
    Array.from({ length: 16 }, (_, at) => [2 * at + 1, 3, 5, 7]),
  );
  expect(ways).toEqual({ messages: 0, atOnce: 16 });
  expect(reported).toHaveLength(16);
  for (const one of reported) expect(one).toMatchObject({ code: 'ok', rows: 1, batchRows: 1, queueMs: 0 });
});

test('what the model does not take is refused in the same words either way', async () => {
  const bad = [{ ...row(1, 2, 3, 4), dims: [2, 3] }];
  const { ask } = await openModel();
  const slow = await ask(bad);
  for (let turn = 0; turn < 20; turn += 1) await ask([row(1, 2, 3, 4)]);
  expect(slow).toMatchObject({ ok: false, fault: { code: 'input-invalid' } });
  expect(await ask(bad)).toEqual(slow);
});

test('whoever set a delay for batches gets batches', async () => {
  const { ask, ways, reported } = await warmed({ max_batch_size: 8, batch_timeout_micros: 20_000 });
  await Promise.all([ask([row(1, 2, 3, 4)]), ask([row(5, 6, 7, 8)])]);
  expect(ways).toEqual({ messages: 1, atOnce: 0 });
  expect(reported.map(({ batchRows }) => batchRows)).toEqual([2, 2]);
});

test('a client that is gone, and a model that was unloaded, cost no run', async () => {
  const { serving, ask, ways } = await warmed();
  expect(await ask([row(1, 2, 3, 4)], { signal: AbortSignal.abort() })).toMatchObject({
    fault: { code: 'cancelled' },
  });
  await serving.unload('row-scale');
  expect(await ask([row(1, 2, 3, 4)])).toMatchObject({ fault: { code: 'model-unloaded' } });
  expect(ways).toEqual({ messages: 0, atOnce: 0 });
});
