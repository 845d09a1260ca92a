import { afterEach, describe, expect, test } from 'vitest';
import type { Served } from '../../../contract/serving/serving.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';
import type { ServingOptions } from '../../../main/serving/index.ts';
import { startCountedWorkers } from '../../fakes/engine.ts';
import type { Graph } from '../../fixtures/onnx-builder.ts';
import { crossRow, dataDependent, rowWise } from '../../fixtures/row-graphs.ts';
import { openTestServing } from '../../fixtures/serving.ts';
import type { TestServing } from '../../fixtures/serving.ts';
import { writeTensorPack } from '../../fixtures/tensor-pack.ts';
import { newFolder } from '../../temp/folder.ts';

let open: TestServing | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

type Opening = {
  readonly more?: object;
  readonly serving?: ServingOptions;
  readonly folder?: string;
  readonly dataFolder?: string;
};
const graphs: Readonly<Record<string, Graph>> = {
  ...rowWise,
  ...crossRow,
  ...dataDependent,
  // Says nothing of its columns, and takes four.
  'row-columns': { ...rowWise['row-dense']!, inputs: [{ name: 'x', type: 'float32', shape: ['N', 'M'] }] },
};

async function openModel(id: string, { more, serving, folder, dataFolder }: Opening = {}) {
  const models = folder ?? newFolder();
  if (folder === undefined) writeTensorPack(models, id, graphs[id]!, more);
  const log: string[] = [];
  const counted = await startCountedWorkers();
  open = await openTestServing({
    engine: {
      modelFolders: [models],
      override: { workers: 1, threads: 1 },
      startWorker: counted.start,
      log: (_, text) => void log.push(text),
      ...(dataFolder !== undefined && { dataFolder }),
    },
    ...(serving && { serving }),
  });
  const service = open.serving;
  const found = service.find({ id });
  if (!found.ok) throw new Error(found.fault.message);
  const served = found.value;
  const batches: number[] = [];
  service.onServed((one: Served) => void batches.push(one.batchRows));
  const ask = async (tensors: readonly TensorBytes[]) => {
    const answer = await service.infer({ served, tensors, client: 'http' });
    return answer.ok ? answer.value.tensors.map(shown) : answer.fault.code;
  };
  /** Sixteen requests at a time, again and again. */
  const press = async (requests: readonly (readonly TensorBytes[])[]) =>
    Promise.all(requests.map((tensors) => ask(tensors)));
  return { ask, press, log, batches, models, served, workers: counted.started };
}

const shown = ({ name, dims, data }: TensorBytes) => [
  name,
  dims.join('x'),
  Buffer.from(data).toString('hex'),
];
const rows = (...values: readonly (readonly number[])[]): TensorBytes[] => [
  {
    name: 'x',
    type: 'float32',
    dims: [values.length, 4],
    data: new Uint8Array(Float32Array.from(values.flat()).buffer),
  },
];
const requests = Array.from({ length: 16 }, (_, at) =>
  rows(
    ...Array.from({ length: 1 + (at % 3) }, (_, row) => [
      (at % 2 ? -1 : 1) * (at + 1),
      -row,
      at * 0.5 - 3,
      at % 5 === 4 ? 2e6 : row + at,
    ]),
  ),
);

/** How many wait when a worker is free is up to the machine: they are pressed again, until many were joined. */
async function joinsMany({
  press,
  batches,
}: Pick<Awaited<ReturnType<typeof openModel>>, 'press' | 'batches'>) {
  for (let turn = 0; turn < 20 && Math.max(0, ...batches) <= 8; turn += 1)
    expect(await press(requests)).toHaveLength(16);
  expect(Math.max(...batches)).toBeGreaterThan(8);
}

describe('rows of different requests', () => {
  test('are joined once two together were proved to equal two alone, and not before', async () => {
    const { ask, press, batches, log } = await openModel('row-dense');
    const alone = [];
    for (const tensors of requests) alone.push(await ask(tensors));
    expect(await press(requests)).toEqual(alone);
    expect(Math.max(...batches)).toBeLessThanOrEqual(3);
    await expect.poll(() => log.join('\n'), { timeout: 20_000 }).toContain('run together');
    await joinsMany({ press, batches });
  });

  test.each(
    Object.keys({ ...crossRow, ...dataDependent }).filter((id) => graphs[id]?.inputs[0]?.type === 'float32'),
  )('are never joined by %s', async (id) => {
    const { ask, press, log } = await openModel(id);
    const alone = [];
    for (const tensors of requests) alone.push(await ask(tensors));
    for (let turn = 0; turn < 3; turn += 1) expect(await press(requests)).toEqual(alone);
    await expect.poll(() => log.join('\n'), { timeout: 20_000 }).toContain('runs by itself');
    for (let turn = 0; turn < 3; turn += 1) expect(await press(requests)).toEqual(alone);
  });

  test('are joined without a proof where the manifest says so, never where it says the opposite', async () => {
    const declared = await openModel('row-dense', { more: { batch: true } });
    await joinsMany(declared);
    expect(declared.workers()).toBe(1);
    await open?.close();
    const forbidden = await openModel('row-dense', { more: { batch: false } });
    for (let turn = 0; turn < 3; turn += 1) await forbidden.press(requests);
    expect(Math.max(...forbidden.batches)).toBeLessThanOrEqual(3);
    expect(forbidden.workers()).toBe(1);
  });

  test('are joined where the batching parameters say so', async () => {
    const { press, batches } = await openModel('row-dense', {
      serving: { batching: { 'row-dense': { max_batch_size: 64 } } },
    });
    await joinsMany({ press, batches });
  });
});

describe('an answer with other rows than were sent', () => {
  test.each(['rows-doubled', 'data-filter'])(
    'is asked for again alone, and %s is not joined again',
    async (id) => {
      const { ask, press, log, batches } = await openModel(id, {
        more: { batch: true },
        serving: { batching: { [id]: { allowed_batch_sizes: [4, 32] } } },
      });
      const first = await press(requests);
      expect(log.filter((text) => text.includes('runs by itself from now on'))).toHaveLength(1);
      batches.length = 0;
      const alone = [];
      for (const tensors of requests) alone.push(await ask(tensors));
      expect(first).toEqual(alone);
      expect(await press(requests)).toEqual(alone);
      expect(Math.max(...batches)).toBeLessThanOrEqual(3);
    },
  );
});

test('what was proved is remembered: the next process joins at once and proves nothing', async () => {
  const dataFolder = newFolder();
  const before = await openModel('row-dense', { dataFolder });
  for (let turn = 0; turn < 2; turn += 1) await before.press(requests);
  await expect.poll(() => before.log.join('\n'), { timeout: 20_000 }).toContain('run together');
  await open?.close();
  const after = await openModel('row-dense', { dataFolder, folder: before.models });
  await joinsMany(after);
  expect(after.workers()).toBe(1);
});

test('requests that the graph refuses are no sample of what it takes, and keep nobody from being joined', async () => {
  const { press, batches, log } = await openModel('row-columns');
  const refused = Array.from({ length: 4 }, (_, at) => rows([at, 1, 2, 3, 4]));
  const misfits = refused.map(([x]) => [{ ...x!, dims: [1, 5] }]);
  for (let turn = 0; turn < 3; turn += 1)
    expect(await press(misfits)).toEqual(misfits.map(() => 'input-invalid'));
  await press(requests);
  await press([...misfits, ...requests]);
  await expect.poll(() => log.join('\n'), { timeout: 20_000 }).toMatch(/run together|runs by itself/u);
  expect(log.join('\n')).toContain('run together');
  await joinsMany({ press, batches });
});

test('what could not be proved is tried again by the next process', async () => {
  const dataFolder = newFolder();
  const id = 'data-filter';
  const before = await openModel(id, { dataFolder });
  await before.press(requests);
  await before.press(requests);
  await expect.poll(() => before.log.join('\n'), { timeout: 20_000 }).toContain('more than samples show');
  await open?.close();
  const after = await openModel(id, { dataFolder, folder: before.models });
  await after.press(requests);
  await after.press(requests);
  await expect.poll(() => after.log.join('\n'), { timeout: 20_000 }).toContain('more than samples show');
});

test('one request at a time costs no proof', async () => {
  const { ask, workers } = await openModel('row-dense');
  for (const tensors of requests) await ask(tensors);
  expect(workers()).toBe(1);
});
