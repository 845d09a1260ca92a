// Raw tensors at the border of a session: floats of a variant that stores others, and fewer rows than a graph takes at a time.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { halfBits } from '../../contract/tensors/half-floats.ts';
import { doublesOf } from '../../contract/tensors/tensor-codec.ts';
import type { TensorBytes } from '../../contract/tensors/tensor.ts';
import type { LoadSpec } from '../../contract/wire.ts';
import { openSession } from '../../main/worker/session.ts';
import { onnxModel, type Graph } from '../fixtures/onnx-builder.ts';
import { tensorSpec } from '../fixtures/tensor-spec.ts';
import { newFolder } from '../temp/folder.ts';

const folder = newFolder('raw');
let count = 0;

/** Divides each row by its own sum: a row of zeros would be no numbers, and rows know nothing of each other. */
const shares = (type: 'float32' | 'float16', rows: number): Graph => ({
  nodes: [
    { op: 'ReduceSum', inputs: ['x', 'last'], outputs: ['sum'], attributes: { keepdims: 1 } },
    { op: 'Div', inputs: ['x', 'sum'], outputs: ['y'] },
  ],
  inputs: [{ name: 'x', type, shape: [rows, 2] }],
  outputs: [{ name: 'y', type, shape: [rows, 2] }],
  constants: [{ name: 'last', type: 'int64', dims: [1], values: [1] }],
});

async function open(graph: Graph, more: Partial<LoadSpec> = {}) {
  const modelFile = path.join(folder, `${(count += 1)}.onnx`);
  writeFileSync(modelFile, onnxModel(graph));
  const opened = await openSession({
    ...tensorSpec(modelFile),
    outputs: graph.outputs as LoadSpec['outputs'],
    ...more,
  });
  if (!opened.ok) throw new Error(opened.fault.message);
  return opened.value;
}
const floats = (rows: readonly (readonly number[])[]): TensorBytes => ({
  name: 'x',
  type: 'float32',
  dims: [rows.length, 2],
  data: new Uint8Array(Float32Array.from(rows.flat()).buffer),
});

describe('a variant of other floats', () => {
  const declared = (type: 'float32' | 'float16') => {
    const { inputs, outputs } = shares(type, 2);
    return { inputs, outputs } as unknown as Pick<LoadSpec, 'inputs' | 'outputs'>;
  };

  it('of 16 bits takes and gives the 32 bits that the manifest says', async () => {
    const session = await open(shares('float16', 2), declared('float32'));
    const ran = await session.run([
      floats([
        [1, 3],
        [2, 6],
      ]),
    ]);
    if (!ran.ok) throw new Error(ran.fault.message);
    const [y] = ran.value.tensors;
    expect([y?.type, y?.dims, doublesOf(y!)]).toEqual(['float32', [2, 2], [0.25, 0.75, 0.25, 0.75]]);
  });

  it('of 32 bits takes and gives the 16 bits that the manifest says', async () => {
    const session = await open(shares('float32', 2), declared('float16'));
    const bits = Uint16Array.from([1, 3, 2, 6], halfBits);
    const ran = await session.run([
      { name: 'x', type: 'float16', dims: [2, 2], data: new Uint8Array(bits.buffer) },
    ]);
    if (!ran.ok) throw new Error(ran.fault.message);
    const [y] = ran.value.tensors;
    expect([y?.type, doublesOf(y!)]).toEqual(['float16', [0.25, 0.75, 0.25, 0.75]]);
  });

  it('refuses what the manifest does not say, by the type that it says', async () => {
    const session = await open(shares('float16', 2), declared('float32'));
    const ran = await session.run([
      {
        ...floats([
          [1, 3],
          [2, 6],
        ]),
        type: 'float64',
      },
    ]);
    expect(ran).toMatchObject({ ok: false, fault: { code: 'input-invalid' } });
    expect(!ran.ok && ran.fault.message).toMatch(/float32/u);
  });
});

describe('fewer rows than a graph takes', () => {
  it.each([
    [1, [[1, 3]]],
    [
      3,
      [
        [1, 3],
        [2, 6],
        [4, 4],
      ],
    ],
  ])('are filled up and cut again: %s of 4', async (rows, given) => {
    const session = await open(shares('float32', 4), { hasRows: true });
    const ran = await session.run([floats(given)]);
    if (!ran.ok) throw new Error(ran.fault.message);
    const [y] = ran.value.tensors;
    expect(y?.dims).toEqual([rows, 2]);
    expect(doublesOf(y!)).toEqual(given.flatMap(([a = 0, b = 0]) => [a / (a + b), b / (a + b)]));
  });

  it('are refused where the first dimension does not count rows, and so are more, and none', async () => {
    const fixed = await open(shares('float32', 4));
    expect(await fixed.run([floats([[1, 3]])])).toMatchObject({
      ok: false,
      fault: { code: 'input-invalid' },
    });
    const session = await open(shares('float32', 4), { hasRows: true });
    const five = Array.from({ length: 5 }, () => [1, 3]);
    for (const rows of [five, []])
      expect(await session.run([floats(rows)])).toMatchObject({
        ok: false,
        fault: { code: 'input-invalid' },
      });
    // Half a row is no row.
    const half = { ...floats([[1, 3]]), data: new Uint8Array(7) };
    expect(await session.run([half])).toMatchObject({ ok: false, fault: { code: 'input-invalid' } });
  });
});
