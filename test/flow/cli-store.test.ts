import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deviceName } from '../../main/engine/providers/device.ts';
import { availableCores } from '../../main/lib/capacity.ts';
import { openLibrary } from '../../main/packs/index.ts';
import { saveMeasuredShapes } from '../fixtures/measured-shapes.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { copyPack, linesOf, outpost, photo, plantPhotos, root } from './cli-process.ts';
import { newFolder } from '../temp/folder.ts';

const place = newFolder('store');
const data = path.join(place, 'data');
const isRoot = process.getuid?.() === 0;
/** Root may write anywhere, so that what is forbidden is tried as nobody. */
const otherUser = isRoot ? { user: 65_534 } : {};

beforeAll(async () => {
  chmodSync(place, 0o777);
  expect((await outpost(['predict', '--data', data, photo('chelsea.png')])).code).toBe(0);
});
afterAll(() => {
  for (const name of readdirSync(place)) chmodSync(path.join(place, name), 0o777);
});

describe('the data folder', () => {
  it('two command lines at once on one data folder both answer everything', async () => {
    plantPhotos(path.join(place, 'left'), 25);
    plantPhotos(path.join(place, 'right'), 25, 'retina.jpg');
    const [left, right] = await Promise.all(
      ['left', 'right'].map((name) => outpost(['predict', '--data', data, path.join(place, name)])),
    );
    expect([left?.code, right?.code]).toEqual([0, 0]);
    const again = await outpost([
      'predict',
      '--data',
      data,
      path.join(place, 'left'),
      path.join(place, 'right'),
    ]);
    expect(linesOf(again.out)).toHaveLength(50);
    expect(again.error).toMatch(/50 answered \(50 from cache\), 0 faults/u);
  });

  it('a read-only data folder is said, and answers are given all the same', async () => {
    const locked = path.join(place, 'locked');
    mkdirSync(locked);
    chmodSync(locked, 0o555);
    const { code, out, error } = await outpost(
      ['predict', '--data', locked, photo('chelsea.png')],
      otherUser,
    );
    expect(error).toContain('[store-read-only]');
    expect(linesOf(out)[0]?.result?.predictions[0]?.label).toBe('tiger cat');
    expect(code).toBe(0);
  });

  // Folders are made there by nobody, and the call that makes several at once never comes back.
  it.skipIf(process.platform !== 'linux')('so is one where none can be made', async () => {
    const { code, out, error } = await outpost([
      'predict',
      '--data',
      '/proc/outpost/data',
      photo('chelsea.png'),
    ]);
    expect(error).toContain('/proc/outpost/data/outpost.db may not be written to.');
    expect(error).toContain('choose another data folder with --data');
    expect(linesOf(out)[0]?.result?.predictions[0]?.label).toBe('tiger cat');
    expect(code).toBe(0);
  });

  it('a store replaced by garbage is set aside by name, and a new one is used', async () => {
    const broken = path.join(place, 'broken');
    mkdirSync(broken);
    writeFileSync(path.join(broken, 'outpost.db'), 'this is no database '.repeat(500));
    const first = await outpost(['predict', '--data', broken, photo('chelsea.png')]);
    expect(first.code).toBe(0);
    expect(first.error).toContain('[store-damaged]');
    const aside = readdirSync(broken).find(
      (name) =>
        name.startsWith('outpost') &&
        readFileSync(path.join(broken, name)).toString('latin1').startsWith('this is no database'),
    );
    expect(aside).toBeDefined();
    const second = await outpost(['predict', '--data', broken, photo('chelsea.png')]);
    expect(linesOf(second.out)[0]?.cached).toBe(true);
    expect(second.error).not.toContain('store-damaged');
  });
});

describe('outpost cache', () => {
  it('counts, lists, verifies and purges', async () => {
    const fresh = path.join(place, 'cache');
    await outpost(['predict', '--data', fresh, photo('chelsea.png'), photo('coffee.png')]);
    const stats = JSON.parse((await outpost(['cache', 'stats', '--json', '--data', fresh])).out) as {
      answers: number;
    };
    expect(stats.answers).toBe(2);
    const list = await outpost(['cache', 'list', '--json', '--data', fresh]);
    expect(
      list.out
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { label: string }).label)
        .sort(),
    ).toEqual(['espresso', 'tiger cat']);
    expect(
      (await outpost(['cache', 'list', '--json', '--label', 'tiger cat', '--data', fresh])).out
        .trim()
        .split('\n'),
    ).toHaveLength(1);
    expect((await outpost(['cache', 'verify', '--data', fresh])).out).toMatch(
      /2 answers checked, 0 damaged; database: ok/u,
    );
    expect((await outpost(['cache', 'purge', '--older-than', '30d', '--data', fresh])).out).toBe(
      '0 answers removed\n',
    );
    expect((await outpost(['cache', 'purge', '--all', '--data', fresh])).out).toBe('2 answers removed\n');
    expect(linesOf((await outpost(['predict', '--data', fresh, photo('chelsea.png')])).out)[0]?.cached).toBe(
      false,
    );
  });
});

/** As on a computer that measured the shapes of every model but one: each takes five seconds of all cores. */
async function measureAllButOne(): Promise<void> {
  const library = await openLibrary({
    folders: [{ path: path.join(root, 'models'), trust: 'built-in' }],
    appVersion: '0.1.0',
  });
  const store = await openTestStore(data);
  const device = await deviceName(availableCores());
  for (const pack of library.list())
    if (pack.manifest.id !== 'efficientnet-lite0') saveMeasuredShapes(store, device, pack);
  await store.close();
}

describe('outpost models and doctor', () => {
  it('lists, shows and verifies what is there', async () => {
    const list = JSON.parse((await outpost(['models', 'list', '--json', '--data', data])).out) as Record<
      string,
      unknown
    >[];
    expect(Object.keys(list[0] ?? {})).toEqual([
      'id',
      'version',
      'task',
      'state',
      'label',
      'trust',
      'size',
      'digest',
    ]);
    expect(list.map(({ id }) => id)).toEqual(expect.arrayContaining(['efficientnet-lite0', 'tensor-demo']));
    const shown = await outpost(['models', 'show', 'efficientnet-lite0', '--data', data]);
    expect(shown.out).toContain('pixels float32 [N, 3, 224, 224]');
    const verified = await outpost(['models', 'verify', '--data', data]);
    expect(verified.code).toBe(0);
    expect(verified.out).toMatch(/efficientnet-lite0@1\.0\.0: \d+ files are as the manifest says/u);
    expect((await outpost(['models', 'show', 'nothing', '--data', data])).code).toBe(1);
  });

  it('a pack with a flipped byte is refused by name', async () => {
    const models = path.join(place, 'models');
    const pack = copyPack('tensor-demo', path.join(models, 'flipped'));
    const manifest = path.join(pack, 'manifest.json');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"id": "tensor-demo"', '"id": "flipped"'));
    const file = path.join(pack, 'tensor-demo.onnx');
    const bytes = readFileSync(file);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const input = path.join(pack, 'samples', 'four-rows.json');
    const refused = await outpost([
      'predict',
      '--data',
      data,
      '--models',
      models,
      '--model',
      'flipped',
      input,
    ]);
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.error).toContain('[pack-file-digest]');
    expect(refused.error).toContain('tensor-demo.onnx');
    const verified = await outpost(['models', 'verify', '--data', data, '--models', models, 'flipped']);
    expect(verified.code).toBe(2);
    expect((await outpost(['predict', '--data', data, '--models', models, photo('chelsea.png')])).code).toBe(
      0,
    );
  });

  it('doctor says what runs where and why', async () => {
    await measureAllButOne();
    const { code, out } = await outpost(['doctor', '--json', '--data', data]);
    const health = JSON.parse(out) as {
      versions: Record<string, string>;
      dataFolder: string;
      store: { kind: string };
      packs: { ref: string; golden: { passed: number; total: number } | null }[];
      providers: { provider: string; verdict: { kind: string; reason: string } }[];
      shapes: { model: string; throughput: { rate: number } }[];
    };
    expect(code).toBe(0);
    expect(health.versions).toMatchObject({ outpost: '0.1.0', onnxruntime: '1.30.0' });
    expect(health.dataFolder).toBe(data);
    expect(health.store.kind).toBe('ready');
    const golden = health.packs.find(({ ref }) => ref.startsWith('efficientnet-lite0@'))?.golden;
    expect(golden?.passed).toBe(golden?.total);
    expect(golden?.total).toBeGreaterThan(0);
    const shape = health.shapes.find(({ model }) => model.startsWith('efficientnet-lite0@'));
    expect(shape?.throughput.rate).toBeGreaterThan(0);
    expect(
      health.providers.some(({ provider, verdict }) => provider === 'cpu' && verdict.reason !== ''),
    ).toBe(true);
  });
});
