import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LoadSpec } from '../../contract/wire.ts';
import { newest } from '../../main/worker/rejection.ts';
import { openSession } from '../../main/worker/session.ts';
import { identityModel, onnxModel } from '../fixtures/onnx-builder.ts';
import { model } from '../packs/onnx-parts.ts';
import { newFolder } from '../temp/folder.ts';

const folder = newFolder('rejection');

async function open(bytes: Buffer) {
  const modelFile = path.join(folder, 'model.onnx');
  writeFileSync(modelFile, bytes);
  return openSession({ modelFile, provider: 'cpu', threads: 1 } as unknown as LoadSpec);
}

async function refusal(bytes: Buffer) {
  const session = await open(bytes);
  if (session.ok) throw new Error('it was loaded');
  expect(session.fault.code).toBe('model-rejected');
  return session.fault;
}

/** The first field of a model is its IR version, in one byte. */
function ofVersion(ir: number): Buffer {
  const bytes = Buffer.from(identityModel('float32', ['N', 3]));
  bytes[1] = ir;
  return bytes;
}
/** A node with input x, output y, operator FlashThing, domain my.ops. */
const customNode = Buffer.from('\x0a\x01x\x12\x01y\x22\x0aFlashThing\x3a\x06my.ops', 'latin1');
const one = (op: string, opset = 17) =>
  onnxModel({
    nodes: [{ op, inputs: ['x'], outputs: ['y'] }],
    inputs: [{ name: 'x', type: 'float32', shape: ['N', 3] }],
    outputs: [{ name: 'y', type: 'float32', shape: ['N', 3] }],
    opset,
  });

describe('a model that the runtime refuses', () => {
  it('is told the IR version and the opset that it may have, and those are what the runtime takes', async () => {
    for (const newer of [ofVersion(newest.ir + 1), one('Identity', newest.opset + 1)]) {
      const { hint, message } = await refusal(newer);
      expect(hint).toContain(`opset ${newest.opset} and IR version ${newest.ir} or below`);
      expect(message).not.toMatch(/\.\.$/u);
    }
    for (const known of [ofVersion(newest.ir), one('Identity', newest.opset)]) {
      const session = await open(known);
      expect(session.ok || session.fault.message).toBe(true);
      if (session.ok) await session.value.release();
    }
  });

  it('is told which operator is not carried', async () => {
    expect((await refusal(one('FlashThing'))).hint).toMatch(/has no FlashThing in opset 17/u);
    const custom = model({
      nodes: [customNode],
      inputs: [{ name: 'x', elem: 1, dims: ['N', 3] }],
      outputs: [{ name: 'y', elem: 1, dims: ['N', 3] }],
      opsets: { '': 17, 'my.ops': 1 },
    });
    const { hint } = await refusal(custom);
    expect(hint).toMatch(/^Custom operators are not carried, and my\.ops:FlashThing is none/u);
  });

  it('is told of an operator without an implementation for its types', async () => {
    const { hint, message } = await refusal(
      onnxModel({
        nodes: [{ op: 'Acosh', inputs: ['x'], outputs: ['y'] }],
        inputs: [{ name: 'x', type: 'float64', shape: ['N', 3] }],
        outputs: [{ name: 'y', type: 'float64', shape: ['N', 3] }],
      }),
    );
    expect(`${message} ${hint}`).toMatch(/ONNX Runtime has no Acosh for these element types/u);
  });

  it('has a way on in every other case too', async () => {
    expect((await refusal(Buffer.from('no model'))).hint).toMatch(
      /export it again, or use another variant or version/u,
    );
  });
});
