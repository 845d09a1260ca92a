import { copyFileSync, existsSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OutpostEvent } from '../../../contract/calls/events.ts';
import type { OpenedEngine } from '../../../main/composition/index.ts';
import { fixture, openTestEngine } from '../../fakes/engine.ts';
import { newFolder } from '../../temp/folder.ts';
import { labelled } from '../../fixtures/labelled.ts';

let opened: OpenedEngine;
beforeAll(async () => {
  opened = await openTestEngine({
    offeredProviders: ['webgpu', 'cpu'],
    override: { workers: 2, threads: 1 },
  });
});
afterAll(() => opened.close());

const old = new Date(Date.now() - 60_000);
function folderOf(count: number): string {
  const folder = newFolder();
  for (let at = 0; at < count; at += 1) {
    const file = path.join(folder, `${String(at).padStart(3, '0')}.jpg`);
    copyFileSync(fixture('photos/rocket.jpg'), file);
    utimesSync(file, old, old);
  }
  return folder;
}
const stateOf = async (run: string) => {
  const state = await opened.engine.runs.get(run);
  if (!state.ok) throw new Error(state.fault.message);
  return state.value;
};
const everything = (run: string) =>
  ({ run, show: 'all', unsureBelow: 0.1, search: '', offset: 0, limit: 500 }) as const;

test('a run tells its counts, is stopped at once, keeps what is finished, and the next one takes it from the store', async () => {
  const { runs } = opened.engine;
  const received: OutpostEvent[] = [];
  const off = opened.engine.on((event) => received.push(event));
  const folder = folderOf(200);
  const started = await runs.start({ title: 'photos', inputs: [folder], useCache: false });
  if (!started.ok) throw new Error(started.fault.message);
  const { id } = started.value;
  await expect.poll(async () => (await stateOf(id)).counts.answered, { timeout: 10_000 }).toBeGreaterThan(10);
  // The end can be foretold while most is still to be answered.
  const counted = await stateOf(id);
  expect(counted.counts).toMatchObject({ found: 200, scanned: true });
  expect(counted.counts.answered).toBeLessThan(200);
  expect(counted.leftMs).toBeGreaterThan(0);
  const begun = performance.now();
  const stopping = await runs.stop(id);
  // It waits for none of what is left.
  expect(performance.now() - begun).toBeLessThan(counted.leftMs! / 4);
  expect(stopping.ok && stopping.value.kind).toBe('stopping');
  await expect.poll(async () => (await stateOf(id)).kind).toBe('stopped');
  const { counts } = await stateOf(id);
  const page = await runs.page(everything(id), () => 'f1');
  expect(page.all).toBe(counts.answered);
  expect(counts.answered).toBeLessThan(200);
  const item = await runs.item(id, 0, () => 'f1');
  expect(item.ok && labelled(item.value.record?.result).predictions[0]?.label).toBe(page.rows[0]?.label);

  const again = await runs.start({ title: 'photos', inputs: [folder] });
  if (!again.ok) throw new Error(again.fault.message);
  await expect.poll(async () => (await stateOf(again.value.id)).kind, { timeout: 20_000 }).toBe('done');
  expect((await stateOf(again.value.id)).counts).toMatchObject({
    found: 200,
    scanned: true,
    answered: 200,
    faults: 0,
  });
  expect((await stateOf(again.value.id)).counts.fromCache).toBeGreaterThanOrEqual(counts.answered);
  expect((await runs.summary(again.value.id)).top[0]?.count).toBe(200);
  expect(received.some((event) => event.kind === 'run-changed' && event.run === id)).toBe(true);
  off();
});

test('tensors go in and out as bytes, and little is added to the run itself', async () => {
  const table = (values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
  const tensors = [
    { name: 'a', type: 'float32', dims: [1, 3], data: table([1, 2, 3]) },
    { name: 'b', type: 'float32', dims: [1, 3], data: table([4, 5, 6]) },
    { name: 'count', type: 'int64', dims: [1], data: new Uint8Array(BigInt64Array.from([2n ** 60n]).buffer) },
  ] as const;
  const extra: number[] = [];
  for (let call = 0; call < 400; call += 1) {
    const begun = performance.now();
    const answer = await opened.engine.runTensors({ model: 'tensor-demo', tensors });
    if (!answer.ok) throw new Error(answer.fault.message);
    extra.push(performance.now() - begun - answer.value.runMs);
    const sum = answer.value.tensors.find(({ name }) => name === 'sum');
    expect([...new Float32Array(Uint8Array.from(sum!.data).buffer)]).toEqual([5, 7, 9]);
  }
  const median = extra.sort((one, other) => one - other)[200] ?? Infinity;
  console.log(`tensor overhead p50 ${median.toFixed(3)} ms`);
  expect(median).toBeLessThan(2);
});

test('a provider is proved in a worker of its own: what does not load is remembered, and CPU answers', async () => {
  const proved = await opened.engine.doctor.probe('efficientnet-lite0');
  if (!proved.ok) throw new Error(proved.fault.message);
  const verdicts = Object.fromEntries(proved.value.map(({ provider, verdict }) => [provider, verdict.kind]));
  expect(verdicts['cpu']).toMatch(/chosen|floor/u);
  expect(verdicts).toHaveProperty('webgpu');
  const webgpu = proved.value.find(({ provider }) => provider === 'webgpu')?.verdict;
  expect(webgpu?.reason).toMatch(/^[A-Za-z]/u);
  // A machine with neither a graphics device nor one in software says what it lacks.
  const graphics = ['/dev/dri', '/dev/nvidia0', '/usr/share/vulkan/icd.d'];
  if (process.platform === 'linux' && !graphics.some((place) => existsSync(place)))
    expect(webgpu).toMatchObject({
      kind: 'cannot-load',
      reason: expect.stringContaining('WebGPU adapter') as string,
    });
  const asked = await opened.engine.predict({
    source: { path: fixture('photos/coffee.png') },
    name: 'coffee',
  });
  expect(asked.ok && asked.value.provider).toBe(verdicts['webgpu'] === 'chosen' ? 'webgpu' : 'cpu');
  if (verdicts['webgpu'] === 'cannot-load') {
    const forced = await opened.engine.predict({
      source: { path: fixture('photos/coffee.png') },
      name: 'coffee',
      provider: 'webgpu',
    });
    expect(forced.ok ? 'ok' : forced.fault.code).toBe('provider-unavailable');
  }
  expect(await opened.engine.doctor.shapes()).toHaveLength(1);
});
