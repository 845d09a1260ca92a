import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { onnxModel } from '../fixtures/onnx-builder.ts';
import { commandLine, linesOf, outpost, photo, root, startOutpost } from './cli-process.ts';
import { newFolder } from '../temp/folder.ts';

const made = path.join(root, 'test', 'fixtures', 'exports');
const folder = newFolder('pack');
const at = (...steps: readonly string[]): string => path.join(folder, ...steps);
const irisArgs = [
  '--id',
  'iris',
  '--pack-version',
  '1.0.0',
  '--title',
  'Iris',
  '--summary',
  'Names the kind of an iris by four lengths.',
  '--licence',
  'BSD-3-Clause',
  '--labels',
  path.join(made, 'iris.txt'),
];
const iris = path.join(made, 'iris.onnx');

describe('outpost pack', () => {
  beforeAll(async () => {
    const built = await outpost([
      'pack',
      'build',
      iris,
      ...irisArgs,
      '--golden',
      path.join(made, 'iris'),
      '-o',
      at('iris.outpack'),
    ]);
    expect(built).toMatchObject({ code: 0, out: expect.stringContaining('iris@1.0.0, tensor') as string });
    expect(built.out).toContain('1, recorded here and passed here');
  });

  it('build gives the same bytes again, and says them as JSON', async () => {
    const again = await outpost([
      'pack',
      'build',
      iris,
      ...irisArgs,
      '--json',
      '--golden',
      path.join(made, 'iris'),
      '-o',
      at('again.outpack'),
    ]);
    expect(readFileSync(at('again.outpack')).equals(readFileSync(at('iris.outpack')))).toBe(true);
    expect(JSON.parse(again.out)).toMatchObject({ manifest: { id: 'iris' }, golden: 1, notes: [] });
  });

  it('what was built answers', async () => {
    const unpacked = await outpost(['pack', 'unpack', at('iris.outpack'), '-o', at('packs', 'iris')]);
    expect(unpacked).toMatchObject({ code: 0, error: expect.stringContaining('iris@1.0.0 is in') as string });
    expect((await outpost(['pack', 'unpack', at('iris.outpack'), '-o', at('packs', 'iris')])).code).toBe(1);
    writeFileSync(at('rows.json'), '{"X":{"type":"float32","dims":[1,4],"data":[5.1,3.5,1.4,0.2]}}');
    const answered = await outpost([
      'predict',
      at('rows.json'),
      '--model',
      'iris',
      '--format',
      'jsonl',
      '--models',
      at('packs'),
      '--data',
      at('data'),
    ]);
    expect(answered.code).toBe(0);
    const [line] = linesOf(answered.out);
    expect(line?.result).toMatchObject({ outputs: { label: { data: [0] } } });
  });

  it('inspect says the same of archive and folder, and what a bare model holds', async () => {
    const archive = JSON.parse(
      (await outpost(['pack', 'inspect', at('iris.outpack'), '--json'])).out,
    ) as object;
    expect(archive).toMatchObject({
      form: 'archive',
      signature: 'none',
      manifest: { id: 'iris' },
      graphs: [{ producer: { name: 'skl2onnx' } }],
    });
    const bare = await outpost(['pack', 'inspect', iris]);
    expect(bare.out).toContain('X float32 [?, 4]');
    expect(bare.out).toContain('LinearClassifier');
    const odd = await outpost(['pack', 'inspect', photo('rocket.jpg')]);
    expect(odd).toMatchObject({ code: 1, error: expect.stringContaining('[archive-unreadable]') as string });
  });

  it('verify ends with 2 for a byte too many', async () => {
    expect((await outpost(['pack', 'verify', at('iris.outpack')])).code).toBe(0);
    await outpost(['pack', 'unpack', at('iris.outpack'), '-o', at('spoiled')]);
    writeFileSync(at('spoiled', 'more.txt'), 'more');
    const verified = await outpost(['pack', 'verify', at('spoiled')]);
    expect(verified).toMatchObject({ code: 2, out: expect.stringContaining('[pack-file-extra]') as string });
    const bytes = readFileSync(at('iris.outpack'));
    writeFileSync(at('short.outpack'), bytes.subarray(0, bytes.byteLength - 40));
    expect((await outpost(['pack', 'verify', at('short.outpack')])).code).toBe(2);
  });

  it('diff names what is another', async () => {
    const labels = at('labels.txt');
    writeFileSync(
      labels,
      readFileSync(path.join(made, 'iris.txt'), 'utf8').replace('virginica', 'virginica alba'),
    );
    const options = irisArgs.map((word) =>
      word === '1.0.0' ? '1.1.0' : word.endsWith('iris.txt') ? labels : word,
    );
    expect((await outpost(['pack', 'build', iris, ...options, '-o', at('next.outpack')])).code).toBe(0);
    const diff = await outpost(['pack', 'diff', at('iris.outpack'), at('next.outpack')]);
    expect(diff.out).toContain('iris@1.0.0 → iris@1.1.0');
    expect(diff.out).toContain('+ label virginica alba');
    expect(diff.out).toContain('- label virginica');
    expect(diff.out).toMatch(/- +golden\/golden\.json/u);
    expect(diff.out).toContain('~ version: "1.0.0" → "1.1.0"');
    expect(diff.out).toMatch(/An update moves .* of /u);
  });

  it('build names everything that is missing, and leaves nothing behind', async () => {
    const refused = await outpost(['pack', 'build', iris, '--id', 'iris', '-o', at('none.outpack')]);
    expect(refused.code).toBe(1);
    expect(refused.error).toMatch(/--pack-version.*--title.*--summary.*--licence/u);
    expect(refused.error).toContain('[pack-incomplete]');
    expect(existsSync(at('none.outpack'))).toBe(false);
  });

  it('Ctrl-C in the middle of a build ends with 130 and leaves nothing', async () => {
    const model = path.join(root, 'models', 'efficientnet-lite0');
    mkdirSync(at('stopped'));
    const args = [
      'pack',
      'build',
      path.join(model, 'efficientnet-lite0.onnx'),
      '--task',
      'image-classification',
      ...irisArgs.slice(0, -1),
      path.join(model, 'labels.json'),
      '--preprocess',
      'efficientnet-lite',
      '--golden',
      path.join(root, 'test', 'fixtures', 'photos'),
      '-o',
      at('stopped', 'x.outpack'),
    ];
    const child = await startOutpost(args);
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    // The manifest is there: it is being run.
    const isUnderWay = () =>
      readdirSync(at('stopped')).some((name) => existsSync(at('stopped', name, 'manifest.json')));
    while (!isUnderWay() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 10));
    process.kill(-child.pid!, 'SIGINT');
    expect(await ended).toBe(130);
    expect(readdirSync(at('stopped'))).toEqual([]);
  });

  it.skipIf(!existsSync('/usr/bin/script'))('build asks where there is a terminal', async () => {
    const options = [
      process.execPath,
      ...(await commandLine()),
      'pack',
      'build',
      iris,
      '-o',
      at('asked.outpack'),
    ];
    const quoted = options.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    const shown = await terminal(quoted, ['iris', '', 'Iris', 'Names an iris.', 'BSD-3-Clause']);
    expect(shown).toContain('version (as in 1.0.0) [1.0.0]: ');
    expect(shown).toContain('iris@1.0.0, tensor');
    expect((await outpost(['pack', 'verify', at('asked.outpack')])).code).toBe(0);
  });
});

/** Runs the words on a pseudo terminal and gives the answers, each when its question stands there. */
function terminal(options: string, answers: readonly string[]): Promise<string> {
  const child = spawn('/usr/bin/script', ['-qec', options, '/dev/null'], { cwd: root });
  const left = [...answers];
  let shown = '';
  let seen = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    if (!shown.slice(seen).endsWith(': ')) return;
    seen = shown.length;
    const answer = left.shift();
    if (answer !== undefined) child.stdin.write(`${answer}\n`);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(shown));
  });
}

describe('a photo model of a fixed batch', () => {
  const place = newFolder('fixed-batch');

  it.each([1, 4])('of %i is built and answers for two photos, each with its own colour', async (batch) => {
    const model = path.join(place, `batch${batch}.onnx`);
    const graph = onnxModel({
      nodes: [
        { op: 'ReduceMean', inputs: ['x'], outputs: ['m'], attributes: { axes: [2, 3], keepdims: 0 } },
        { op: 'Softmax', inputs: ['m'], outputs: ['y'], attributes: { axis: 1 } },
      ],
      inputs: [{ name: 'x', type: 'float32', shape: [batch, 3, 32, 32] }],
      outputs: [{ name: 'y', type: 'float32', shape: [batch, 3] }],
    });
    writeFileSync(model, graph);
    const labels = path.join(place, 'labels.txt');
    writeFileSync(labels, 'red\ngreen\nblue\n');
    const photos = path.join(made, 'colours-pytorch');
    const archive = path.join(place, `batch${batch}.outpack`);
    const options = [
      '--id',
      `batch${batch}`,
      '--pack-version',
      '1.0.0',
      '--title',
      'Fixed',
      '--summary',
      'Colours.',
    ];
    const how = [
      '--licence',
      'MIT',
      '--labels',
      labels,
      '--preprocess',
      'unit',
      '--task',
      'image-classification',
    ];
    const built = await outpost([
      'pack',
      'build',
      model,
      ...options,
      ...how,
      '--golden',
      photos,
      '-o',
      archive,
    ]);
    expect(built.code, built.error).toBe(0);
    const packs = path.join(place, `packs${batch}`);
    mkdirSync(packs);
    const unpacked = await outpost(['pack', 'unpack', archive, '-o', path.join(packs, `batch${batch}`)]);
    expect(unpacked.code, unpacked.error).toBe(0);
    const asked = ['1-red.png', '0-blue.png'].map((name) => path.join(photos, name));
    const ask = ['--model', `batch${batch}`, '--models', packs, '--data', path.join(place, 'data')];
    const { code, out, error } = await outpost(['predict', ...asked, ...ask]);
    expect(code, error).toBe(0);
    const first = linesOf(out).map(
      ({ result }) => (result as { predictions: { label: string; score: number }[] }).predictions[0]!.label,
    );
    expect(first).toEqual(['red', 'blue']);
  });
});
