import { renameSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Served } from '../../contract/serving/serving.ts';
import type { TensorBytes } from '../../contract/tensors/tensor.ts';
import { root } from '../fakes/engine.ts';
import { openTestServing } from '../fixtures/serving.ts';
import type { TestServing } from '../fixtures/serving.ts';
import { makeVersion, renamed } from '../fixtures/versions.ts';
import { createWorkerBatching } from '../../main/prefork/worker/worker-batching.ts';
import { newFolder } from '../temp/folder.ts';

let open: TestServing | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

async function demo(options: Parameters<typeof openTestServing>[0] = {}) {
  open = await openTestServing(options);
  const { serving } = open;
  const served = serving.find({ id: 'tensor-demo' });
  if (!served.ok) throw new Error(served.fault.message);
  return { serving, served: served.value };
}

/** Rows of three numbers each, as the demo takes them. */
function tensorsOf(rows: readonly (readonly number[])[]): TensorBytes[] {
  const bytes = (values: readonly number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);
  const flat = rows.flat();
  const width = rows[0]?.length ?? 0;
  return [
    { name: 'a', type: 'float32', dims: [rows.length, width], data: bytes(flat) },
    { name: 'b', type: 'float32', dims: [rows.length, width], data: bytes(flat.map((value) => value * 10)) },
    {
      name: 'count',
      type: 'int64',
      dims: [rows.length],
      data: new Uint8Array(BigInt64Array.from(rows.map((_, at) => BigInt(at))).buffer),
    },
  ];
}
const floats = ({ data }: TensorBytes): number[] => [
  ...new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)),
];

test('a version is found by number, major number and label', async () => {
  const { serving, served } = await demo();
  expect(served).toMatchObject({ version: '1.0.0', number: 1_000_000, isDefault: true });
  for (const version of ['1', '1000000', '1.0.0'])
    expect(serving.find({ id: 'tensor-demo', version }).ok).toBe(true);
  expect(serving.find({ id: 'tensor-demo', label: 'stable' }).ok).toBe(true);
  for (const ask of [{ version: '2' }, { label: 'canary' }])
    expect(serving.find({ id: 'tensor-demo', ...ask })).toMatchObject({
      ok: false,
      fault: { code: 'version-not-found' },
    });
});

// A quick model of an HTTP worker runs where its request was read: nothing waits that could come together.
const runsAtOnce = process.env['OUTPOST_TEST_INFERENCE'] === 'in-process';
test.skipIf(runsAtOnce)('requests that come together are one batch, and each gets its own rows', async () => {
  const { serving, served } = await demo();
  const seen: Served[] = [];
  serving.onServed((one) => seen.push(one));
  expect((await serving.load(served)).ok).toBe(true);
  const requests = Array.from({ length: 24 }, (_, at) => [[at, at + 0.5, at + 0.25]]);
  const largest = async (): Promise<number> => {
    seen.length = 0;
    const answers = await Promise.all(
      requests.map((rows) => serving.infer({ served, tensors: tensorsOf(rows), client: 'http' })),
    );
    for (const [at, answer] of answers.entries()) {
      if (!answer.ok) throw new Error(answer.fault.message);
      const [sum] = answer.value.tensors;
      expect(sum?.dims[0]).toBe(1);
      expect(floats(sum!)).toEqual(requests[at]![0]!.map((value) => value * 11));
    }
    expect(seen).toHaveLength(24);
    return Math.max(...seen.map(({ batchRows }) => batchRows));
  };
  // The first ones run alone, until rows together were proved to be rows alone.
  expect(await largest()).toBe(1);
  await expect.poll(largest, { timeout: 20_000 }).toBeGreaterThan(4);
});

test('one wrong request among others is refused alone', async () => {
  const { serving, served } = await demo();
  await serving.load(served);
  // Too few bytes in one and too many in another would add up.
  const wrong = tensorsOf([[1, 2, 3]]).map((tensor) => ({ ...tensor, data: tensor.data.subarray(0, 4) }));
  const long = tensorsOf([[1, 2, 3]]).map((tensor) => ({
    ...tensor,
    data: new Uint8Array(2 * tensor.data.byteLength - 4),
  }));
  const answers = await Promise.all([
    serving.infer({ served, tensors: tensorsOf([[1, 2, 3]]), client: 'http' }),
    serving.infer({ served, tensors: wrong, client: 'http' }),
    serving.infer({ served, tensors: long, client: 'http' }),
    serving.infer({ served, tensors: tensorsOf([[4, 5, 6]]), client: 'http' }),
  ]);
  expect(answers.map(({ ok }) => ok)).toEqual([true, false, false, true]);
});

test('allowed batch sizes pad, and nobody sees the padding', async () => {
  const { serving, served } = await demo({
    serving: { batching: { 'tensor-demo': { allowed_batch_sizes: [4, 16], batch_timeout_micros: 20_000 } } },
  });
  await serving.load(served);
  const answers = await Promise.all(
    [0, 1, 2].map((at) => serving.infer({ served, tensors: tensorsOf([[at, at, at]]), client: 'http' })),
  );
  for (const answer of answers) {
    if (!answer.ok) throw new Error(answer.fault.message);
    expect(answer.value.tensors[0]?.dims[0]).toBe(1);
    expect(answer.value.batchRows).toBe(4);
  }
});

test('batching goes by what was given last, a model without any by its manifest; a pause gives it back', async () => {
  const padding = { 'tensor-demo': { allowed_batch_sizes: [4, 16], batch_timeout_micros: 20_000 } };
  const { serving, served } = await demo({ serving: { batching: padding } });
  await serving.load(served);
  const rows = async (): Promise<unknown> => {
    const answer = await serving.infer({ served, tensors: tensorsOf([[1, 2, 3]]), client: 'http' });
    return answer.ok ? answer.value.batchRows : answer.fault;
  };
  const { watch } = createWorkerBatching(serving);
  expect(await rows()).toBe(4);
  watch(true);
  expect(await rows()).toBe(1);
  watch(false);
  expect(await rows()).toBe(4);
  serving.setBatching({});
  expect(await rows()).toBe(1);
  expect(serving.batching('tensor-demo')).toEqual({});
});

test('a deadline that passes in the queue is answered at once', async () => {
  const { serving, served } = await demo();
  const answer = await serving.infer({
    served,
    tensors: tensorsOf([[1, 1, 1]]),
    client: 'http',
    deadlineMs: 1,
  });
  expect(answer).toMatchObject({ ok: false, fault: { code: 'deadline-exceeded' } });
});

test('labels that could not be read once are read the next time', async () => {
  const folder = makeVersion(path.join(newFolder(), 'labelled'), {
    id: 'efficientnet-lite0',
    version: '1.0.0',
    change: (manifest) => ({ ...manifest, id: 'labelled' }),
  });
  open = await openTestServing({ engine: { modelFolders: [path.dirname(folder)] } });
  const { serving } = open;
  const served = serving.find({ id: 'labelled' });
  if (!served.ok) throw new Error(served.fault.message);
  const file = path.join(folder, 'labels.json');
  renameSync(file, `${file}.away`);
  expect(await serving.labels(served.value)).toEqual([]);
  renameSync(`${file}.away`, file);
  expect(await serving.labels(served.value)).toContain('tiger cat');
});

test('a version that arrives later has its labels with its first request', async () => {
  const models = newFolder();
  const { serving } = await demo({ engine: { modelFolders: [path.join(root, 'models'), models] } });
  const before = serving.find({ id: 'efficientnet-lite0' });
  makeVersion(path.join(models, 'efficientnet-lite0'), {
    id: 'efficientnet-lite0',
    version: '1.1.0',
    files: { 'labels.json': renamed('tiger cat', 'striped cat') },
  });
  expect(await serving.reload()).toEqual([]);
  const after = serving.find({ id: 'efficientnet-lite0', version: '1.1.0' });
  if (!before.ok || !after.ok) throw new Error('it is not there');
  expect(before.value.labelCount).toBe(1_000);
  expect(after.value.labelCount).toBe(1_000);
  expect(await serving.labels(after.value)).toContain('striped cat');
  expect(await serving.labels(before.value)).toContain('tiger cat');
});

test('an unloaded model says so until it is loaded again', async () => {
  const { serving, served } = await demo();
  await serving.load(served);
  expect(serving.find({ id: 'tensor-demo' })).toMatchObject({ value: { state: { kind: 'available' } } });
  await serving.unload('tensor-demo');
  expect(serving.status().workers).toBe(0);
  const ask = () => serving.infer({ served, tensors: tensorsOf([[1, 1, 1]]), client: 'http' });
  expect(await ask()).toMatchObject({ ok: false, fault: { code: 'model-unloaded' } });
  await serving.load(served);
  expect((await ask()).ok).toBe(true);
});
