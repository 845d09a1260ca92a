import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { OpenedEngine } from '../../../main/composition/index.ts';
import { fixture, openTestEngine, startStandIn } from '../../fakes/engine.ts';
import { newFolder } from '../../temp/folder.ts';

const model = 'efficientnet-lite0@1.0.0';
const photo = fixture('photos/coffee.png');
let opened: OpenedEngine | null = null;
afterEach(async () => {
  await opened?.close({ graceMs: 100 });
  opened = null;
});

/** CoreML is in no build of ONNX Runtime but Apple's, so loading on it fails here as it does with a driver that broke. */
async function withProved(dataFolder: string, device: string) {
  opened = await openTestEngine({ dataFolder, device, offeredProviders: ['coreml', 'cpu'] });
  return opened;
}
const predict = (engine: OpenedEngine['engine']) =>
  engine.predict({ source: { path: photo }, name: 'coffee.png', useCache: false });

test.skipIf(process.platform === 'darwin')(
  'a provider that was proved once and does not load any more falls back to the processor, for this very request too',
  async () => {
    const folder = newFolder();
    const { engine, store } = await withProved(folder, 'this computer, driver 1');
    store.saveProvider('this computer, driver 1', {
      provider: 'coreml',
      model,
      at: new Date().toISOString(),
      verdict: { kind: 'chosen', reason: 'right on the golden samples and fastest', ms: 1 },
    });
    const outcomes = await Promise.all([predict(engine), predict(engine)]);
    expect(outcomes.map((outcome) => (outcome.ok ? outcome.value.provider : outcome.fault))).toEqual([
      'cpu',
      'cpu',
    ]);
    expect(engine.status().quarantined).toEqual([]);
    expect(engine.workers.stateOf(model).kind).toBe('ready');
    const [report] = (await engine.doctor.providers()).filter(({ provider }) => provider === 'coreml');
    expect(report?.verdict.kind).toBe('cannot-load');
    // The next start does not try it again, another driver does.
    await opened?.close();
    const again = await withProved(folder, 'this computer, driver 1');
    expect((await again.engine.doctor.providers()).map(({ provider }) => provider)).toContain('coreml');
    await again.close();
    const renewed = await withProved(folder, 'this computer, driver 2');
    expect(await renewed.engine.doctor.providers()).toEqual([]);
  },
);

test('a provider that the computer lacks memory for is passed over for a while only, and nothing of it is remembered', async () => {
  const memory = path.join(newFolder(), 'memory');
  const dataFolder = newFolder();
  opened = await openTestEngine({
    dataFolder,
    device: 'this computer',
    offeredProviders: ['coreml', 'cpu'],
    startWorker: startStandIn(`lacks-memory-elsewhere-without:${memory}`),
    limits: { backoffMs: 1 },
  });
  const { engine, store } = opened;
  const proved = { kind: 'chosen', reason: 'right on the golden samples and fastest', ms: 1 } as const;
  store.saveProvider('this computer', {
    provider: 'coreml',
    model,
    at: new Date().toISOString(),
    verdict: proved,
  });
  const answeredOn = async (): Promise<unknown> => {
    const outcome = await predict(engine);
    return outcome.ok ? 'ok' : outcome.fault.params['provider'];
  };
  expect(await answeredOn()).toBe('cpu');
  const verdict = async (): Promise<unknown> => (await engine.doctor.providers())[0]?.verdict.kind;
  expect(await verdict()).toBe('cannot-load');
  // What stands in the store is what the next start knows.
  expect((await store.providers('this computer'))[0]?.verdict.kind).toBe('chosen');
  writeFileSync(memory, '');
  await expect.poll(verdict, { timeout: 20_000 }).toBe('chosen');
  expect(await answeredOn()).toBe('coreml');
});

test.skipIf(process.platform === 'darwin')(
  'what was found of a provider holds for the very files that it was found with',
  async () => {
    const device = 'this computer';
    const dataFolder = newFolder();
    const { library, store, close } = await withProved(dataFolder, device);
    const pack = library.find(model);
    if (!pack.ok) throw new Error(pack.fault.message);
    const report = {
      provider: 'coreml',
      model,
      at: new Date().toISOString(),
      verdict: { kind: 'chosen', reason: 'right on the golden samples and fastest', ms: 1 },
    } as const;
    store.saveProvider(device, { ...report, digest: `sha256:${'0'.repeat(64)}` });
    await close();
    const verdictAfterPrediction = async (): Promise<unknown> => {
      const { engine, close: end } = await withProved(dataFolder, device);
      const answer = await predict(engine);
      expect(answer.ok && answer.value.provider).toBe('cpu');
      const found = (await engine.doctor.providers()).find(({ provider }) => provider === 'coreml');
      await end();
      return found?.verdict.kind;
    };
    // Of other files: the provider is not even tried.
    expect(await verdictAfterPrediction()).toBe('chosen');
    const again = await withProved(dataFolder, device);
    again.store.saveProvider(device, { ...report, digest: library.digestOf(pack.value) });
    await again.close();
    expect(await verdictAfterPrediction()).toBe('cannot-load');
  },
);
