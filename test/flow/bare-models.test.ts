import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { onnxModel } from '../fixtures/onnx-builder.ts';
import { copyPack, linesOf, outpost, root } from './cli-process.ts';
import { newFolder } from '../temp/folder.ts';

const place = newFolder('bare');
const data = path.join(place, 'data');
const models = path.join(place, 'models');
beforeAll(() => {
  mkdirSync(path.join(models, 'tiny', '1'), { recursive: true });
  const file = path.join(root, 'bench', 'peers', 'models', 'tiny', '1', 'model.onnx');
  copyFileSync(file, path.join(models, 'tiny', '1', 'model.onnx'));
});
const run = (...args: readonly string[]): ReturnType<typeof outpost> => outpost([...args, '--data', data]);

describe('bare ONNX files in a --models folder', () => {
  it('are listed and shown', async () => {
    const listed = await run('models', 'list', '--json', '--models', models);
    expect((JSON.parse(listed.out) as { id: string }[]).map(({ id }) => id)).toContain('tiny');
    const shown = await run('models', 'show', 'tiny', '--json', '--models', models);
    expect([shown.code, JSON.parse(shown.out)]).toMatchObject([0, { model: { id: 'tiny' } }]);
  });

  it('answer', async () => {
    const shown = await run('models', 'show', 'tiny', '--json', '--models', models);
    const { inputs } = JSON.parse(shown.out) as {
      inputs: { name: string; type: string; shape: (number | string)[] }[];
    };
    const tensors = Object.fromEntries(
      inputs.map(({ name, type, shape }) => {
        const dims = shape.map((dim) => (typeof dim === 'number' ? dim : 2));
        return [name, { type, dims, data: Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => 1) }];
      }),
    );
    const file = path.join(place, 'rows.json');
    writeFileSync(file, `\ufeff${JSON.stringify(tensors)}`);
    const { code, out, error } = await run('predict', '--model', 'tiny', '--models', models, file);
    expect([code, error]).toEqual([0, expect.stringContaining('1 answered')]);
    expect(JSON.parse(out)).toMatchObject({ model: 'tiny', result: { task: 'tensor' } });
  });
});

it('takes tables and plain arrays for its matrix', async () => {
  const [table, plain] = [path.join(place, 'rows.csv'), path.join(place, 'plain.json')];
  writeFileSync(table, 'a,b,c,d\r\n1,2,3,4\r\n5,6,7,8\r\n');
  writeFileSync(plain, '{"x": [[1, 2, 3, 4], [5, 6, 7, 8]]}');
  const { code, out, error } = await run('predict', '--model', 'tiny', '--models', models, table, plain);
  expect(code, error).toBe(0);
  const results = linesOf(out).map(({ result }) => result);
  expect(results).toHaveLength(2);
  expect(results[0]).toMatchObject({ outputs: { y: { dims: [2, 4] } } });
  expect(results[1]).toEqual(results[0]);
});

describe('an unsigned pack', () => {
  it('is refused with the way on, and installed with --allow-unsigned this once', async () => {
    const pack = copyPack('tensor-demo', path.join(place, 'tensor-demo'));
    const manifest = path.join(pack, 'manifest.json');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"1.0.0"', '"1.0.1"'));
    const elsewhere = path.join(place, 'fresh');
    const install = (...args: readonly string[]) =>
      outpost(['models', 'install', pack, '--data', elsewhere, ...args]);
    const refused = await install();
    expect([refused.code, refused.error]).toEqual([1, expect.stringContaining('--allow-unsigned')]);
    const installed = await install('--allow-unsigned');
    expect(installed.code, installed.error).toBe(0);
    const settings = await outpost(['settings', 'get', '--json', '--data', elsewhere]);
    expect(JSON.parse(settings.out)).toMatchObject({ allowUnsigned: false });
  });

  it('is unpacked into a folder below one that is not there', async () => {
    const pack = path.join(place, 'tensor-demo');
    const archive = path.join(place, 'demo.outpack');
    const exported = await run('models', 'export', 'tensor-demo@1.0.0', '-o', archive);
    expect(exported.code, exported.error).toBe(0);
    const to = path.join(place, 'new', 'folder');
    const unpacked = await run('pack', 'unpack', archive, '-o', to);
    expect(unpacked.code, unpacked.error).toBe(0);
    expect(existsSync(path.join(to, 'manifest.json'))).toBe(existsSync(path.join(pack, 'manifest.json')));
  });
});

it('are chosen by the exact names of their folders, also where case alone tells them apart', async () => {
  for (const name of ['Tiny', 'Tiny_v1.5', '模型'])
    cpSync(path.join(models, 'tiny'), path.join(place, 'named', name), { recursive: true });
  const file = path.join(place, 'named.json');
  writeFileSync(file, '{"x": [[1, 2, 3, 4]]}');
  const ids = new Set<unknown>();
  const asked = ['--models', models, '--models', path.join(place, 'named')];
  for (const name of ['tiny', 'Tiny', 'Tiny_v1.5', '模型']) {
    const { code, out, error } = await run('predict', '--model', name, ...asked, file);
    expect([name, code, error]).toEqual([name, 0, expect.stringContaining('1 answered')]);
    ids.add((JSON.parse(out) as { model: string }).model);
  }
  expect(ids.size).toBe(4);
  const unknown = await run('predict', '--model', 'TINY', ...asked, file);
  expect([unknown.code, unknown.error]).toEqual([1, expect.stringContaining('TINY')]);
});

it('say the label of each row where labels lie beside them', async () => {
  const scored = path.join(place, 'scored');
  cpSync(path.join(models, 'tiny'), path.join(scored, 'tiny-named'), { recursive: true });
  const file = path.join(place, 'scored.json');
  writeFileSync(file, '{"x": [[1, 2, 3, 4], [4, 3, 2, 1]]}');
  const ask = ['predict', '--model', 'tiny-named', '--models', scored, file];
  const bare = await run(...ask);
  const { result } = JSON.parse(bare.out) as {
    result: { outputs: { y: { dims: number[]; data: number[] } } };
  };
  const { dims, data } = result.outputs.y;
  expect(result).not.toHaveProperty('labels');
  const names = Array.from({ length: dims[1] ?? 0 }, (_, at) => `kind ${at}`);
  writeFileSync(path.join(scored, 'tiny-named', 'labels.txt'), `${names.join('\n')}\n`);
  const output = JSON.parse((await run(...ask)).out) as { result: { labels: object[] } };
  const expected = [0, 1].map((row) => {
    const line = data.slice(row * names.length, (row + 1) * names.length);
    const index = line.indexOf(Math.max(...line));
    return { index, label: names[index], score: line[index] };
  });
  expect(output.result.labels).toMatchObject(expected);
  const table = await run(...ask, '--format', 'table');
  for (const { label } of expected) expect(table.out).toContain(label);
});

it('with a list beside their tensors answer with the tensors, and the list is named', async () => {
  const file = path.join(place, 'lists', 'lister', 'model.onnx');
  mkdirSync(path.dirname(file), { recursive: true });
  const model = onnxModel({
    nodes: [
      { op: 'Neg', inputs: ['x'], outputs: ['y'] },
      { op: 'SequenceConstruct', inputs: ['x', 'y'], outputs: ['both'] },
    ],
    inputs: [{ name: 'x', type: 'float32', shape: ['N', 2] }],
    outputs: [
      { name: 'both', type: 'float32', shape: ['N', 2], list: 'tensors' },
      { name: 'y', type: 'float32', shape: ['N', 2] },
    ],
  });
  writeFileSync(file, model);
  const rows = path.join(place, 'lists.json');
  writeFileSync(rows, '{"x": [[1, 2], [3, 4]]}');
  // Told each time, not only when the pack is made.
  for (const _ of ['made', 'kept']) {
    const { code, out, error } = await run(
      'predict',
      '--model',
      'lister',
      '--models',
      path.dirname(path.dirname(file)),
      rows,
    );
    expect(code, error).toBe(0);
    expect(error).toMatch(
      /lister.model\.onnx: The output both is a sequence made by SequenceConstruct.*left out/u,
    );
    const { result } = JSON.parse(out) as { result: { outputs: object } };
    expect(Object.keys(result.outputs)).toEqual(['y']);
    expect(result.outputs).toMatchObject({ y: { dims: [2, 2], data: [-1, -2, -3, -4] } });
  }
});
