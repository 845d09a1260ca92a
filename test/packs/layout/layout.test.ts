import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../contract/faults/faults.ts';
import { materialise, readLayout } from '../../../main/packs/layout/index.ts';
import { identityModel } from '../../fixtures/onnx-builder.ts';
import { appVersion, faultOf, modelsFolder, openLocal, tempFolder, writePack } from '../fixture.ts';

const small = identityModel('float32', ['N', 3]);
const exported = readFileSync(join(import.meta.dirname, '../../fixtures/exports/colours-pytorch.onnx'));

/** Files as they were left there a day ago, so that nothing waits for them to settle. */
function lay(files: Readonly<Record<string, Buffer | string>>, ageSeconds = 86_400): string {
  const folder = tempFolder();
  for (const [path, bytes] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    const then = Date.now() / 1000 - ageSeconds;
    utimesSync(file, then, then);
  }
  return folder;
}

async function use(folder: string, more: Partial<Parameters<typeof materialise>[0]> = {}) {
  const into = more.into ?? join(tempFolder(), 'cache');
  const refused: Fault[] = [];
  const outcome = await materialise({
    folder,
    into,
    appVersion,
    onRefused: (_file, why) => refused.push(why),
    ...more,
  });
  const library = await openLocal(...(outcome.ok ? outcome.value : []));
  const refs = library.list().map(({ ref }) => ref);
  return { outcome, into, refused, library, refs };
}

const everything = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => `${relative(folder, file)} ${statSync(file).size} ${statSync(file).mtimeMs}`)
    .sort();

describe('what is found in a folder of models', () => {
  it('takes a pack and a folder of packs as they are, and makes nothing', async () => {
    for (const folder of [modelsFolder, join(modelsFolder, 'tensor-demo')]) {
      const { outcome, refs, into } = await use(folder);
      expect(outcome).toEqual({ ok: true, value: [folder] });
      expect(refs).toContain('tensor-demo@1.0.0');
      expect(() => statSync(into)).toThrow('ENOENT');
    }
  });

  it('takes model.onnx at the top under the name that it is given, else under that of the folder', async () => {
    const folder = lay({ 'model.onnx': small });
    expect((await use(folder, { name: 'Iris_v2' })).refs).toEqual(['iris-v2@1.0.0']);
    const own = lay({ 'My Model/model.onnx': small });
    expect((await use(join(own, 'My Model'))).refs).toEqual(['my-model@1.0.0']);
  });

  it('takes one file of another name, and not two', async () => {
    expect((await use(lay({ 'flowers.onnx': small }), { name: 'a' })).refs).toEqual(['a@1.0.0']);
    expect((await use(lay({ 'a.onnx': small, 'b.onnx': small }))).outcome).toEqual({ ok: true, value: [] });
  });

  it('takes <name>/<int>/model.onnx with every version, and packs beside it', async () => {
    const folder = lay({
      'iris/1/model.onnx': small,
      'iris/0012/model.onnx': small,
      'iris/notes/x.txt': '',
      'iris/.git/model.onnx': small,
      'colours/3/model.onnx': exported,
      '.hidden/1/model.onnx': small,
    });
    cpSync(join(modelsFolder, 'tensor-demo'), join(folder, 'tensor-demo'), { recursive: true });
    const { refs } = await use(folder);
    expect([...refs].sort()).toEqual(['colours@3.0.0', 'iris@1.0.0', 'iris@12.0.0', 'tensor-demo@1.0.0']);
    const fewer = await use(folder, { latest: 1 });
    expect([...fewer.refs].sort()).toEqual(['colours@3.0.0', 'iris@12.0.0', 'tensor-demo@1.0.0']);
  });

  it('takes <int>/model.onnx under the name that it is given', async () => {
    const folder = lay({ '1/model.onnx': small, '2/model.onnx': small });
    expect((await use(folder, { name: 'iris' })).refs).toEqual(['iris@1.0.0', 'iris@2.0.0']);
  });

  it('follows the links of a mounted volume, and none that leads out of it', async () => {
    const folder = lay({ '..data/model.onnx': small });
    symlinkSync(join('..data', 'model.onnx'), join(folder, 'model.onnx'));
    const mount = join(tempFolder(), 'models');
    symlinkSync(folder, mount);
    expect((await use(mount, { name: 'iris' })).refs).toEqual(['iris@1.0.0']);
    const out = lay({ 'note.txt': '' });
    symlinkSync(join(folder, '..data', 'model.onnx'), join(out, 'model.onnx'));
    expect(faultOf((await use(out)).outcome).code).toBe('onnx-external-outside');
  });

  it('tells a folder that is not there from an empty one', async () => {
    expect(faultOf(await readLayout('/nowhere/at/all')).code).toBe('file-not-found');
    expect((await use(tempFolder())).outcome).toEqual({ ok: true, value: [] });
  });
});

describe('the pack of a bare model', () => {
  it('says what the graph says, takes the labels that config.pbtxt names, proves whole', async () => {
    const folder = lay({
      'colours/7/model.onnx': exported,
      'colours/config.pbtxt':
        '# label_filename: "no.txt"\noutput [ { name: "y" label_filename: "names.txt" } ]',
      'colours/names.txt': readFileSync(join(import.meta.dirname, '../../fixtures/exports/colours.txt')),
    });
    const { library, refs } = await use(folder);
    expect(refs).toEqual(['colours@7.0.0']);
    const pack = library.list()[0]!;
    expect(pack.manifest).toMatchObject({ task: 'tensor', title: 'colours', labels: 'labels.json' });
    expect(pack.manifest.inputs[0]).toMatchObject({ type: 'float32' });
    expect((await library.prove(pack)).ok).toBe(true);
    const labels = await library.labels(pack);
    expect(labels.ok && labels.value.length).toBeGreaterThan(1);
  });

  it('takes labels of Windows in UTF-16, and refuses the model with those in an encoding that is not certain', async () => {
    const model = identityModel('float32', ['N', 2]);
    const folder = lay({
      'a/1/model.onnx': model,
      'a/labels.txt': Buffer.from('\uFEFFBär\r\nMöwe\r\n', 'utf16le'),
      'b/1/model.onnx': model,
      'b/labels.txt': Buffer.from('B\xE4r\r\nM\xF6we\r\n', 'latin1'),
    });
    const { library, refs, refused } = await use(folder);
    expect(refs).toEqual(['a@1.0.0']);
    const labels = await library.labels(library.list()[0]!);
    expect(labels.ok && labels.value.map(({ name }) => name)).toEqual(['Bär', 'Möwe']);
    expect(refused.map(({ message }) => message)).toEqual([
      expect.stringMatching(/labels\.txt.*line 1.*Windows-1252/u),
    ]);
  });

  it('is made once, again when the source changed, and the source stays as it is', async () => {
    const folder = lay({ 'm/1/model.onnx': small });
    const before = everything(folder);
    const first = await use(folder);
    const made = everything(first.into);
    const second = await use(folder, { into: first.into });
    expect(second.outcome).toEqual(first.outcome);
    expect(everything(first.into).filter((line) => !line.includes('.source'))).toEqual(
      made.filter((line) => !line.includes('.source')),
    );
    expect(everything(folder)).toEqual(before);
    const changed = lay({ 'm/1/model.onnx': identityModel('int64', ['N']) });
    const third = await use(changed, { into: first.into });
    expect(third.outcome).not.toEqual(first.outcome);
    expect(third.library.list()[0]?.manifest.inputs[0]?.type).toBe('int64');
    // As images are unpacked: other bytes, the same size and date.
    const other = Buffer.from(small).map((byte) => (byte === 'N'.charCodeAt(0) ? 'M'.charCodeAt(0) : byte));
    const file = join(folder, 'm/1/model.onnx');
    const { mtime } = statSync(file);
    writeFileSync(file, other);
    utimesSync(file, mtime, mtime);
    const fourth = await use(folder, { into: first.into });
    expect(fourth.library.list()[0]?.manifest.inputs[0]?.shape).toEqual(['M', 3]);
    // The one before stays for a server that goes back to it, the one before that goes.
    await use(lay({ 'm/1/model.onnx': identityModel('bool', ['N']) }), { into: first.into });
    expect(readdirSync(join(first.into, 'm')).filter((name) => !name.endsWith('.source'))).toHaveLength(2);
  });

  it('is made again when the cache lost a file', async () => {
    const folder = lay({ 'model.onnx': small });
    const first = await use(folder, { name: 'a' });
    const place = first.outcome.ok ? first.outcome.value[0]! : '';
    writeFileSync(join(place, 'model.onnx'), 'x');
    const again = await use(folder, { name: 'a', into: first.into });
    const pack = again.library.list()[0]!;
    expect((await again.library.prove(pack)).ok).toBe(true);
  });
});

describe('what is not loaded', () => {
  it('a file that grows, one that ends too early, weights that are not all there', async () => {
    const folder = lay({ 'model.onnx': small }, 0);
    const growing = setInterval(() => appendFileSync(join(folder, 'model.onnx'), Buffer.alloc(0)), 20);
    const touch = setInterval(
      () => utimesSync(join(folder, 'model.onnx'), Date.now() / 1000, Date.now() / 1000),
      20,
    );
    const { outcome } = await use(folder);
    clearInterval(growing);
    clearInterval(touch);
    expect(faultOf(outcome)).toMatchObject({
      code: 'model-left-out',
      params: { reason: 'it is still being written' },
    });
    const cut = await use(lay({ 'model.onnx': exported.subarray(0, exported.length - 100) }));
    expect(faultOf(cut.outcome).code).toBe('onnx-unreadable');
    const alone = lay({ 'model.onnx': externalModel(64) });
    expect(faultOf((await use(alone)).outcome).code).toBe('file-not-found');
    const short = lay({ 'model.onnx': externalModel(64), 'weights.bin': Buffer.alloc(63) });
    expect(faultOf((await use(short)).outcome)).toMatchObject({
      code: 'onnx-external-short',
      message: expect.stringContaining('weights.bin, which has 63 of 64 bytes') as string,
    });
    const whole = lay({ 'model.onnx': externalModel(64), 'weights.bin': Buffer.alloc(64) });
    expect((await use(whole, { name: 'w' })).refs).toEqual(['w@1.0.0']);
  });

  it('loads what was just written once it stays as it is', async () => {
    const folder = lay({ 'model.onnx': small }, 0);
    expect((await use(folder, { name: 'a' })).refs).toEqual(['a@1.0.0']);
  });

  it('names the one that is broken and gives the others', async () => {
    const folder = lay({
      'good/1/model.onnx': small,
      'bad/1/model.onnx': 'not a model',
      'good_/1/model.onnx': small,
      'far/99999999999/model.onnx': small,
    });
    const { refs, refused } = await use(folder);
    // `good_` is another model than `good`, however alike their ids would be.
    expect(refs.map((ref) => ref.replace(/-[0-9a-f]{8}@/u, '-#@')).sort()).toEqual([
      'good-#@1.0.0',
      'good@1.0.0',
    ]);
    expect(refused.map(({ code }) => code).sort()).toEqual(['model-left-out', 'onnx-unreadable']);
    expect(refused.map(({ hint }) => hint).join(' ')).not.toContain('permission');
  });

  it('a pack without a sound manifest is left to the library to refuse', async () => {
    const folder = tempFolder();
    writePack(folder, { change: (manifest) => ({ ...manifest, id: 'Not An Id' }) });
    const { outcome, library } = await use(folder);
    expect(outcome.ok).toBe(true);
    expect(library.refused()).toHaveLength(1);
  });
});

/** An Identity with an initializer whose bytes lie in weights.bin. */
function externalModel(length: number): Buffer {
  const field = (number: number, body: Buffer) =>
    Buffer.concat([Buffer.from([number * 8 + 2, body.length]), body]);
  const entry = (key: string, value: string) =>
    field(13, Buffer.concat([field(1, Buffer.from(key)), field(2, Buffer.from(value))]));
  const tensor = Buffer.concat([
    Buffer.from([8, length / 4, 16, 1]),
    field(8, Buffer.from('w')),
    entry('location', 'weights.bin'),
    entry('offset', '0'),
    entry('length', String(length)),
    Buffer.from([14 * 8, 1]),
  ]);
  const base = identityModel('float32', ['N']);
  // A second piece of the graph is merged into the first by every reader of protobuf.
  return Buffer.concat([base, field(7, field(5, tensor))]);
}
