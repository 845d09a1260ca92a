import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { onnxModel } from '../fixtures/onnx-builder.ts';
import { bad, copyPack, linesOf, outpost, photo } from './cli-process.ts';
import type { Line } from './cli-process.ts';
import { newFolder } from '../temp/folder.ts';

const place = newFolder('bad');
const data = path.join(place, 'data');
const folder = path.join(place, 'photos');
const isRoot = process.getuid?.() === 0;
const otherUser = 65_534;
/** Root may read anything, so that what is forbidden is tried as nobody. */
const asOtherUser = isRoot ? { user: otherUser } : {};
const longName = `${'é'.repeat(120)}.jpg`;

let lines: ReadonlyMap<string, Line>;
let ended: Awaited<ReturnType<typeof outpost>>;

beforeAll(async () => {
  mkdirSync(path.join(folder, 'inner'), { recursive: true });
  mkdirSync(data);
  copyFileSync(photo('chelsea.png'), path.join(folder, 'GOOD.PNG'));
  copyFileSync(photo('rocket.jpg'), path.join(folder, 'Żółw 🐢 (1).JPG'));
  copyFileSync(photo('rocket.jpg'), path.join(folder, longName));
  for (const name of ['empty.jpg', 'text.jpg', 'truncated.jpg', 'claims-60000x60000.png'])
    copyFileSync(bad(name), path.join(folder, name));
  copyFileSync(photo('rocket.jpg'), path.join(folder, 'secret.jpg'));
  chmodSync(path.join(folder, 'secret.jpg'), 0);
  execFileSync('mkfifo', [path.join(folder, 'pipe.jpg')]);
  symlinkSync('..', path.join(folder, 'inner', 'loop'));
  symlinkSync('/dev/zero', path.join(folder, 'device.jpg'));
  symlinkSync('gone.jpg', path.join(folder, 'vanished.jpg'));
  copyFileSync(photo('coffee.png'), path.join(folder, 'inner', 'last.png'));
  chmodSync(place, 0o755);
  if (isRoot) chownSync(data, otherUser, otherUser);
  ended = await outpost(['predict', '--data', data, folder], asOtherUser);
  lines = new Map(linesOf(ended.out).map((line) => [path.relative(folder, line.input), line]));
});

describe('a folder with everything that goes wrong', () => {
  it('ends with 2, and all that can be answered is answered', () => {
    expect(ended.error).toMatch(/4 answered \(\d from cache\), \d+ faults, /u);
    expect(ended.code).toBe(2);
    const answered = [...lines.values()].filter((line) => line.result);
    expect(answered.map(({ input }) => path.relative(folder, input)).sort()).toEqual(
      ['GOOD.PNG', path.join('inner', 'last.png'), longName, 'Żółw 🐢 (1).JPG'].sort(),
    );
    expect(lines.get('GOOD.PNG')?.result?.predictions[0]?.label).toBe('tiger cat');
  });

  it.each([
    ['empty.jpg', ['file-empty']],
    ['text.jpg', ['not-a-picture']],
    ['truncated.jpg', ['image-unreadable']],
    ['claims-60000x60000.png', ['image-too-large']],
    ['secret.jpg', ['file-unreadable']],
    ['pipe.jpg', ['not-a-file']],
    ['device.jpg', ['not-a-file']],
    ['vanished.jpg', ['file-not-found']],
    [path.join('inner', 'loop'), ['folder-loop']],
  ])('%s is told as %s', (name, codes) => {
    const fault = lines.get(name)?.fault;
    expect(codes).toContain(fault?.code);
    expect(fault?.message).toMatch(/\S/u);
    expect(fault?.hint).toMatch(/\S/u);
    // Nothing of how it is written inside reaches a person.
    expect(`${fault?.message} ${fault?.hint}`).not.toMatch(/undefined|\{\w+\}|Error:|at \w+ \(/u);
  });
});

describe('inputs by name', () => {
  it('devices, missing files and names of 300 characters are faults of their own', async () => {
    const { code, out } = await outpost([
      'predict',
      '--data',
      data,
      '/dev/null',
      path.join(place, 'missing.jpg'),
      `${'x'.repeat(300)}.jpg`,
      path.join(folder, 'GOOD.PNG'),
    ]);
    const codes = linesOf(out).map(({ fault }) => fault?.code);
    expect(codes.slice(0, 2)).toEqual(['not-a-file', 'file-not-found']);
    expect(codes[2]).toMatch(/^file-(?:unreadable|not-found)$/u);
    expect(codes[3]).toBeUndefined();
    expect(code).toBe(2);
  });

  it('a file that changed is never answered from the old answer', async () => {
    const file = path.join(place, 'changing.png');
    copyFileSync(photo('chelsea.png'), file);
    await outpost(['predict', '--data', data, file]);
    copyFileSync(photo('coffee.png'), file);
    const { out } = await outpost(['predict', '--data', data, file]);
    expect(linesOf(out)[0]?.result?.predictions[0]?.label).toBe('espresso');
  });
});

/** Well-formed, with inputs and outputs, and an operator that nobody has. */
const unknownOperator = onnxModel({
  nodes: [{ op: 'NoSuchOperator', inputs: ['x'], outputs: ['y'] }],
  inputs: [{ name: 'x', type: 'float32', shape: ['N'] }],
  outputs: [{ name: 'y', type: 'float32', shape: ['N'] }],
});

describe('models that are not what they say', () => {
  /** A copy of the demo pack under another name, its model file replaced, its manifest true to the new file. */
  function packWith(id: string, model: Buffer): string {
    const models = path.join(place, `models-${id}`);
    const pack = copyPack('tensor-demo', path.join(models, id));
    const file = path.join(pack, 'manifest.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as {
      id: string;
      files: { path: string; size: number; sha256: string }[];
    };
    // What the file itself says, where it says anything: a contradiction would be refused before ONNX Runtime sees it.
    const value = { name: 'x', type: 'float32', shape: ['N'] };
    Object.assign(manifest, { id, inputs: [value], outputs: [{ ...value, name: 'y' }] });
    const entry = manifest.files.find(({ path: name }) => name === 'tensor-demo.onnx')!;
    entry.size = model.byteLength;
    entry.sha256 = createHash('sha256').update(model).digest('hex');
    writeFileSync(path.join(pack, 'tensor-demo.onnx'), model);
    writeFileSync(file, JSON.stringify(manifest));
    return models;
  }

  it.each([
    ['a file that is no model', 'unreadable', Buffer.from('this is no model'), '[onnx-unreadable]'],
    ['a model that ONNX Runtime rejects', 'rejected', unknownOperator, '[model-rejected]'],
  ])('%s ends with 1 and its reason', async (_what, id, model, code) => {
    const models = packWith(id, model);
    const input = path.join(models, id, 'samples', 'four-rows.json');
    const ended = await outpost(['predict', '--data', data, '--models', models, '--model', id, input]);
    expect([ended.code, ended.out]).toEqual([1, '']);
    expect(ended.error).toContain(code);
    expect(readdirSync(models)).toEqual([id]);
  });
});
