import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { PreprocessingStep } from '../../../contract/packs/picture-steps.ts';
import { askFor } from '../../../main/cli/pack/ask.ts';
import { readGoldenFolder } from '../../../main/cli/pack/golden-files.ts';
import { pythonNames } from '../../../main/packs/build/metadata-labels.ts';
import { presets, readNpy, titleOf } from '../../../main/packs/build/index.ts';
import { readLabelsFile } from '../../../main/packs/build/labels.ts';
import { toleranceOf } from '../../../main/packs/build/tolerance.ts';
import { faultOf, tempFolder } from '../fixture.ts';

/** As numpy.save writes it. */
function npy(descr: string, shape: string, data: Uint8Array, order = 'False'): Buffer {
  const header = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`.padEnd(117) + '\n';
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(header), data]);
}

describe('labels', () => {
  const read = async (content: string | Uint8Array) => {
    const file = join(tempFolder(), 'labels');
    writeFileSync(file, content);
    return readLabelsFile(file);
  };
  const two = [
    { index: 0, id: 'cat', name: 'cat' },
    { index: 1, id: 'dog', name: 'dog' },
  ];
  it.each([
    ['lines', 'cat\ndog\n'],
    ['lines of Windows with a byte order mark', '\uFEFFcat\r\ndog\r\n'],
    ['a list', '["cat", "dog"]'],
    ['an object by index', '{"1": "dog", "0": "cat"}'],
    ["Outpost's own", JSON.stringify(two)],
  ])('as %s', async (_form, content) => {
    expect(await read(content)).toEqual({ ok: true, value: two });
  });
  it.each([
    ['tabs', 'n01\tcat\nn02\tdog'],
    ["ImageNet's class index", '{"0": ["n01", "cat"], "1": ["n02", "dog"]}'],
  ])('with ids, as %s', async (_form, content) => {
    const labels = await read(content);
    expect(labels.ok && labels.value.map(({ id }) => id)).toEqual(['n01', 'n02']);
  });
  it.each([
    ['UTF-16', Buffer.from('\uFEFFBär\r\nMöwe\r\n', 'utf16le')],
    ['UTF-16, big-endian', Buffer.from('\uFEFFBär\r\nMöwe\r\n', 'utf16le').swap16()],
    ['UTF-16 as JSON', Buffer.from('\uFEFF["Bär", "Möwe"]', 'utf16le')],
  ])('in %s are read as they were written', async (_form, content) => {
    const labels = await read(content);
    expect(labels.ok && labels.value.map(({ name }) => name)).toEqual(['Bär', 'Möwe']);
  });
  it.each([
    ['lines', Buffer.from('Wildschwein\r\nB\xE4r\r\n', 'latin1')],
    ['JSON', Buffer.from('["Wildschwein",\n"B\xE4r"]', 'latin1')],
  ])('in Windows-1252, as %s, are refused by its name with the line', async (_form, content) => {
    const { code, message } = faultOf(await read(content));
    expect(code).toBe('file-unfit');
    expect(message).toMatch(/byte E4 in line 2.*Windows-1252.*save it as UTF-8/u);
  });
  it('with an index that is left out are refused', async () => {
    expect(faultOf(await read('{"0": "cat", "2": "dog"}')).message).toContain('index 1');
  });
});

describe('numpy arrays', () => {
  it('are read with type and shape', () => {
    const data = new Uint8Array(new BigInt64Array([1n, 2n, 3n]).buffer);
    expect(readNpy(npy('<i8', '(3,)', data), 'x')).toEqual({
      ok: true,
      value: { type: 'int64', dims: [3], data: expect.anything() as Uint8Array },
    });
    const one = readNpy(npy('<f4', '()', new Uint8Array(4)), 'x');
    expect(one.ok && one.value.dims).toEqual([]);
  });
  it.each([
    ['big-endian', npy('>f4', '(1,)', new Uint8Array(4))],
    ['in Fortran order', npy('<f4', '(2, 2)', new Uint8Array(16), 'True')],
    ['of objects', npy('|O', '(1,)', new Uint8Array(8))],
    ['cut off', npy('<f4', '(4,)', new Uint8Array(8))],
    ['no arrays at all', Buffer.from('PK\u0003\u0004 an .npz is another file')],
    ['empty', Buffer.alloc(0)],
  ])('%s are refused', (_what, bytes) => {
    expect(faultOf(readNpy(bytes, 'rows.npy'))).toMatchObject({
      code: 'input-invalid',
      params: { name: 'rows.npy' },
    });
  });
});

describe('a folder of golden inputs', () => {
  it('gives each by name, in one order, and says what it left out', async () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'two-inputs'));
    writeFileSync(join(folder, 'two-inputs/b.npy'), npy('<f4', '(1,)', new Uint8Array(4)));
    writeFileSync(join(folder, 'two-inputs/a.npy'), npy('<f4', '(1,)', new Uint8Array(4)));
    writeFileSync(join(folder, 'rows.npy'), npy('<f4', '(1,)', new Uint8Array(4)));
    writeFileSync(join(folder, 'SOURCES.md'), 'where they come from');
    writeFileSync(join(folder, 'cat.JPG'), 'a photo');
    const read = await readGoldenFolder(folder);
    if (!read.ok) throw new Error(read.fault.message);
    expect(read.value.ignored).toEqual(['SOURCES.md']);
    expect(read.value.inputs.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'picture Cat',
      'tensors Rows',
      'tensors Two inputs',
    ]);
    const last = read.value.inputs[2];
    expect(last?.kind === 'tensors' && last.tensors.map(({ name }) => name)).toEqual(['a', 'b']);
  });
  it('that is empty, or not there, is a fault', async () => {
    expect(faultOf(await readGoldenFolder(tempFolder())).code).toBe('nothing-to-do');
    expect(faultOf(await readGoldenFolder('/nowhere/golden')).code).toBe('file-not-found');
  });
  it('has titles that people read', () => {
    expect(titleOf('/a/four-rows_of.numbers.json')).toBe('Four rows of.numbers');
  });
});

describe('presets', () => {
  it('are steps that a manifest takes', () => {
    for (const { photo } of presets) {
      if (!photo) continue;
      const { crop, kernel, mean, std, channels, size } = photo;
      const steps = [
        { op: 'resize', width: size, height: size, kernel },
        { op: 'normalize', mean, std },
        { op: 'layout', input: 'x', order: 'NCHW', channels },
        ...(crop === null ? [] : [{ op: 'crop-centre', fraction: crop }]),
      ];
      for (const step of steps) expect(PreprocessingStep.safeParse(step).success).toBe(true);
    }
    expect(new Set(presets.map(({ name }) => name)).size).toBe(presets.length);
  });
  it('read the names that Python writes', () => {
    expect(pythonNames(`{0: 'cat', 1: "dog's", 2: 'it\\'s'}`)).toEqual(['cat', "dog's", "it's"]);
    expect(pythonNames(`{0: 'cat', 2: 'dog'}`)).toBeNull();
    expect(pythonNames('none')).toBeNull();
  });
  it('allow rounding its share, and whole numbers nothing', () => {
    const data = new Uint8Array(new Float32Array([-2, 0.5, Number.NaN, Number.POSITIVE_INFINITY]).buffer);
    expect(toleranceOf({ name: 'y', type: 'float32', dims: [4], data }, 'fp32')).toBe(0.002);
    expect(toleranceOf({ name: 'y', type: 'int64', dims: [1], data: new Uint8Array(8) }, 'int8')).toBe(0);
  });
});

describe('questions on a terminal', () => {
  const talk = async (stated: string) => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    input.end(stated);
    const answers = await askFor(
      [
        { question: 'id', suggestion: null },
        { question: 'version', suggestion: '1.0.0' },
      ],
      { input, output },
    );
    return { answers, shown: String(output.read() ?? '') };
  };
  it('come again until they are answered, and take what is suggested', async () => {
    const { answers, shown } = await talk('Not An Id\n\nmy-model\n\n');
    expect(answers).toEqual({ id: 'my-model', version: '1.0.0' });
    expect(shown).toContain('[1.0.0]');
    expect(shown).toContain('--id Not An Id');
  });
  it('end when nobody answers any more', async () => {
    expect((await talk('my-model\n')).answers).toBeNull();
  });
});
