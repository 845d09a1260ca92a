import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkExternal } from '../../../main/packs/graph/external.ts';
import { readGraph } from '../../../main/packs/graph/read.ts';
import { openPackStore, writeOutpack } from '../../../main/packs/index.ts';
import { identityModel } from '../../fixtures/onnx-builder.ts';
import { appVersion, faultOf, modelsFolder, openPack, tempFolder, writePack } from '../fixture.ts';
import { attribute, externalTensor, model, node, subgraph } from '../onnx-parts.ts';

const efficientnet = join(modelsFolder, 'efficientnet-lite0/efficientnet-lite0.onnx');

async function graphOf(bytes: Uint8Array) {
  const read = await readGraph(bytes, 'model.onnx');
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
}

describe('what a model file says of itself', () => {
  it('reads inputs, outputs, opset and operators of a real model', async () => {
    const read = await readGraph(efficientnet);
    if (!read.ok) throw new Error(read.fault.message);
    expect(read.value).toMatchObject({
      file: 'efficientnet-lite0.onnx',
      opsets: { '': 17 },
      inputs: [{ name: 'pixels', kind: 'tensor', type: 'float32', shape: ['N', 3, 224, 224] }],
      outputs: [
        { name: 'logits', type: 'float32', shape: ['N', 1000] },
        { name: 'embedding', type: 'float32', shape: ['N', 1280] },
      ],
      external: [],
    });
    expect(read.value.operators).toContain('Conv');
    expect(read.value.initializers).toBeGreaterThan(50);
  });

  it('reads the same from bytes as from the file', async () => {
    const file = await readGraph(efficientnet);
    expect(await readGraph(readFileSync(efficientnet), 'efficientnet-lite0.onnx')).toEqual(file);
  });

  it('takes less than 50 ms for the 18 MB model, and reads little of it', async () => {
    await readGraph(efficientnet);
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const begun = performance.now();
      await readGraph(efficientnet);
      times.push(performance.now() - begun);
    }
    expect(Math.min(...times)).toBeLessThan(50);
  });

  it('tells numbered, named and unknown dimensions apart, and leaves out inputs that have a value', async () => {
    const graph = await graphOf(
      model({
        inputs: [
          { name: 'x', elem: 1, dims: [1, 'N', null] },
          { name: 'w', elem: 1, dims: [2] },
        ],
        outputs: [{ name: 'y', elem: 16, dims: null }],
        initializers: [externalTensor('w', { location: 'w.bin', offset: '64', length: '8' })],
        metadata: { names: "{0: 'person'}" },
        opsets: { '': 18, 'com.microsoft': 1 },
      }),
    );
    expect(graph.inputs).toEqual([{ name: 'x', kind: 'tensor', type: 'float32', shape: [1, 'N', null] }]);
    expect(graph.outputs).toEqual([
      { name: 'y', kind: 'tensor', type: 'bfloat16', shape: null, madeBy: null },
    ]);
    expect(graph.external).toMatchObject([{ tensor: 'w', location: 'w.bin', offset: '64', length: '8' }]);
    expect(graph.metadata).toEqual({ names: "{0: 'person'}" });
    expect(graph.opsets).toEqual({ '': 18, 'com.microsoft': 1 });
  });

  it('finds tensors of other files in attributes, in subgraphs of subgraphs, in functions', async () => {
    const hidden = (tensor: string) => externalTensor(tensor, { location: `${tensor}.bin` });
    const graph = await graphOf(
      model({
        nodes: [
          node('Constant', [attribute({ tensor: hidden('in-attribute') })]),
          node('If', [
            attribute({
              graph: subgraph([node('Loop', [attribute({ graph: subgraph([], [hidden('two-deep')]) })])]),
            }),
          ]),
        ],
        functions: [[node('Constant', [attribute({ tensor: hidden('in-function') })])]],
        sparse: [hidden('sparse')],
      }),
    );
    expect(graph.external.map(({ tensor }) => tensor).sort()).toEqual([
      'in-attribute',
      'in-function',
      'sparse',
      'two-deep',
    ]);
    expect(graph.operators).toEqual(['Constant', 'If', 'Loop']);
  });
});

describe('what is no model', () => {
  const whole = identityModel('float32', ['N']);
  const cases: readonly (readonly [string, Uint8Array])[] = [
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('weights')],
    ['a file that breaks off', whole.subarray(0, whole.byteLength - 9)],
    ['a picture', readFileSync(join(modelsFolder, 'efficientnet-lite0/samples/chelsea.png'))],
    ['a flatbuffer of ONNX Runtime', Buffer.from('1c0000004f52544d00000e00', 'hex')],
    ['zeros', Buffer.alloc(1000)],
    ['a length beyond the end', Buffer.from('3affffffff0f00', 'hex')],
    ['a model without a graph', Buffer.from('0808', 'hex')],
  ];
  it.each(cases)('%s is refused by name', async (_what, bytes) => {
    const fault = faultOf(await readGraph(bytes, 'odd.onnx'));
    expect(fault.code).toBe('onnx-unreadable');
    expect(fault.message).toContain('odd.onnx');
  });

  it('refuses a model that is nested without end', async () => {
    let graph = subgraph([], []);
    for (let depth = 0; depth < 60; depth += 1) graph = subgraph([node('If', [attribute({ graph })])]);
    const fault = faultOf(
      await readGraph(model({ nodes: [node('If', [attribute({ graph })])] }), 'deep.onnx'),
    );
    expect(fault.message).toContain('nested');
  });

  it('answers every single changed byte of a model with an outcome, never with an error', async () => {
    for (let at = 0; at < whole.byteLength; at += 1)
      for (const value of [0x00, 0x7f, 0x80, 0xff]) {
        const bytes = Buffer.from(whole);
        bytes[at] = value;
        const read = await readGraph(bytes, 'odd.onnx');
        expect(read.ok || read.fault.code === 'onnx-unreadable').toBe(true);
      }
  });

  it('says of a file that is not there that it is not there', async () => {
    expect(faultOf(await readGraph(join(tempFolder(), 'gone.onnx'))).code).toBe('file-not-found');
  });
});

describe('data in other files', () => {
  const listed = new Set([
    'net/model.onnx',
    'net/weights.bin',
    'net/deep/more.bin',
    'outside.bin',
    '*/_ORT_MEM_ADDR_/*',
  ]);
  const check = async (location: string | null) =>
    checkExternal(
      await graphOf(
        model({ initializers: [externalTensor('layer.1', location === null ? {} : { location })] }),
      ),
      { place: 'net/model.onnx', listed },
    );
  it.each(['weights.bin', 'deep/more.bin'])('%s beside the model is taken', async (location) => {
    expect(await check(location)).toEqual({ ok: true, value: undefined });
  });
  it.each(['outside.bin', 'absent.bin'])('%s is not in the pack', async (location) => {
    const fault = faultOf(await check(location));
    expect(fault.code).toBe('onnx-external-data');
    expect(fault.params).toMatchObject({ file: 'model.onnx', tensor: 'layer.1', location });
  });
  it.each([
    '../outside.bin',
    'deep/../weights.bin',
    '/etc/passwd',
    'C:\\weights.bin',
    '..\\outside.bin',
    'file:///etc/passwd',
    'weights.bin\u0000.txt',
    '*/_ORT_MEM_ADDR_/*',
    '',
  ])('%j lies outside', async (location) => {
    const fault = faultOf(await check(location));
    expect(fault.code).toBe('onnx-external-outside');
    expect(fault.params['tensor']).toBe('layer.1');
  });
  it.each(['./weights.bin', 'a/../b', './/weights.bin', './../weights.bin', '/./weights.bin'])(
    '%j is inside when it only says the folder itself',
    async (location) => {
      const found = await check(location);
      expect(found.ok).toBe(/^\.\/+weights/u.test(location));
    },
  );
  it('a backslash is inside, and in a pack only Windows would follow it', async () => {
    const found = faultOf(await check('deep\\more.bin'));
    expect(found.code).toBe('onnx-external-backslash');
    expect(found.message).toContain('deep\\more.bin');
    expect(faultOf(await check('deep\\absent.bin')).code).toBe('onnx-external-data');
  });
  it('a tensor that lies elsewhere must say where', async () => {
    expect(faultOf(await check(null)).code).toBe('onnx-unreadable');
  });
  it('every location counts when one is written twice', async () => {
    const twice = externalTensor('w', { location: '../outside.bin' }, { location: 'weights.bin' });
    const graph = await graphOf(model({ initializers: [twice] }));
    expect(faultOf(checkExternal(graph, { place: 'net/model.onnx', listed })).code).toBe(
      'onnx-external-outside',
    );
  });
  it('reads locations from a file as from bytes', async () => {
    const file = join(tempFolder(), 'm.onnx');
    writeFileSync(file, model({ initializers: [externalTensor('w', { location: 'weights.bin' })] }));
    const read = await readGraph(file);
    expect(read.ok && read.value.external[0]?.location).toBe('weights.bin');
  });
});

describe('a pack whose model refers to other files', () => {
  const pack = async (location: string, files: Readonly<Record<string, string>> = {}) => {
    const value = (name: string) => ({ name, elem: 1, dims: ['N', 2] });
    const bytes = model({
      inputs: [value('x')],
      outputs: [value('y')],
      initializers: [externalTensor('layer.1', { location })],
    });
    const folder = writePack(tempFolder(), { files: { 'model.onnx': bytes.toString('latin1'), ...files } });
    const { library, pack: opened } = await openPack(folder);
    return { library, opened };
  };
  it('is proved when they are in the pack', async () => {
    const { library, opened } = await pack('weights.bin', { 'weights.bin': '12345678' });
    expect((await library.prove(opened)).ok).toBe(true);
    expect((await library.verify(opened)).passed).toBe(true);
  });
  it.each([
    ['weights.bin', 'onnx-external-data'],
    ['../weights.bin', 'onnx-external-outside'],
    ['/etc/passwd', 'onnx-external-outside'],
  ])('is refused for %s, by verify and before any load', async (location, code) => {
    const { library, opened } = await pack(location);
    expect(faultOf(await library.prove(opened))).toMatchObject({ code, params: { tensor: 'layer.1' } });
    const report = await library.verify(opened);
    expect(report.files.find(({ path }) => path === 'model.onnx')?.fault?.code).toBe(code);
  });
  it('is refused by the pack store too, before it is placed, and leaves nothing there', async () => {
    const { opened } = await pack('../weights.bin');
    const file = join(tempFolder(), 'odd.outpack');
    await writeOutpack(opened, file);
    const packStore = openPackStore({ folder: tempFolder(), appVersion });
    const staged = faultOf(await packStore.stageArchive(file));
    expect(staged).toMatchObject({ code: 'onnx-external-outside', params: { tensor: 'layer.1' } });
    expect(readdirSync(join(packStore.folder, '.staging'))).toEqual([]);
  });
});
