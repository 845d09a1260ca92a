import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unpack } from '../../../main/packs/build/index.ts';
import { readGraph } from '../../../main/packs/graph/read.ts';
import { materialise } from '../../../main/packs/layout/index.ts';
import { onnxModel } from '../../fixtures/onnx-builder.ts';
import { appVersion, faultOf, openPack, tempFolder } from '../fixture.ts';
import { build, buildWithoutRunning, realRunner, requestFor } from './fixture.ts';

/** y = x · w, with w = 2, 3, 4 in the file that `location` names. */
const weighted = (location: string) =>
  onnxModel({
    nodes: [{ op: 'Mul', inputs: ['x', 'w'], outputs: ['y'] }],
    inputs: [{ name: 'x', type: 'float32', shape: ['N', 3] }],
    outputs: [{ name: 'y', type: 'float32', shape: ['N', 3] }],
    constants: [{ name: 'w', type: 'float32', dims: [3], values: [0, 0, 0], location }],
  });
const weights = Buffer.from(Float32Array.of(2, 3, 4).buffer);

/** A model in a folder of its own with files beside it; the model can only be read. */
function lay(location: string, beside: Readonly<Record<string, Buffer>>): string {
  const folder = join(tempFolder(), 'repository', 'net', '1');
  for (const [path, bytes] of Object.entries(beside)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'model.onnx'), weighted(location), { mode: 0o444 });
  return join(folder, 'model.onnx');
}

/** What the real engine answers from a pack folder, for x = 1, 10, 100. */
async function answerOf(folder: string, ref: string): Promise<number[]> {
  const runner = await (await realRunner())({ folder, ref, variant: 'fp32' });
  try {
    const data = new Uint8Array(Float32Array.of(1, 10, 100).buffer);
    const ran = await runner.run([{ name: 'x', type: 'float32', dims: [1, 3], data }], 'fp32');
    if (!ran.ok) throw new Error(ran.fault.message);
    return [...new Float32Array(Uint8Array.from(ran.value[0]!.data).buffer)];
  } finally {
    await runner.close();
  }
}

async function served(model: string): Promise<string> {
  const folder = dirname(dirname(dirname(model)));
  const made = await materialise({ folder, into: join(tempFolder(), 'cache'), appVersion, settleMs: 0 });
  if (!made.ok) throw new Error(made.fault.message);
  return made.value[0]!;
}

describe('weights whose location was written on Windows', { timeout: 60_000 }, () => {
  const layouts = { 'in the folder': 'weights/w.bin', 'in a file of that very name': 'weights\\w.bin' };

  it.each(Object.entries(layouts))('%s are taken along, built and served', async (_what, path) => {
    const model = lay('weights\\w.bin', { [path]: weights });
    const request = requestFor(model);
    const built = await build(request);
    expect(built.manifest.files.map((file) => file.path)).toContain('weights/w.bin');
    const folder = join(tempFolder(), 'pack');
    await unpack(request.out, folder, appVersion);
    const { library, pack } = await openPack(folder);
    expect((await library.verify(pack)).passed).toBe(true);
    expect(await answerOf(folder, 'made-here@1.0.0')).toEqual([2, 30, 400]);

    const copy = await served(model);
    expect(await answerOf(copy, 'net@1.0.0')).toEqual([2, 30, 400]);
    // Nothing but the one byte is another, and what it was made of stays as it was.
    const source = weighted('weights\\w.bin');
    expect(readFileSync(model).equals(source)).toBe(true);
    for (const each of [join(folder, 'model.onnx'), join(copy, 'model.onnx')])
      expect(readFileSync(each).equals(weighted('weights/w.bin'))).toBe(true);
  });

  it('says where in the file each location is written', async () => {
    const bytes = weighted('weights\\w.bin');
    const graph = await readGraph(bytes, 'model.onnx');
    const span = graph.ok ? graph.value.external[0]!.span! : { at: 0, end: 0 };
    expect(bytes.subarray(span.at, span.end).toString()).toBe('weights\\w.bin');
  });

  it.each(['..\\w.bin', 'a\\..\\..\\w.bin', '\\\\host\\w.bin', 'C:\\w.bin'])(
    '%s leads outside as ever',
    async (location) => {
      const model = lay(location, { '../w.bin': weights });
      expect(faultOf(await buildWithoutRunning(requestFor(model))).code).toBe('onnx-external-outside');
    },
  );
});

describe('data files that pack build looks at', () => {
  it('must be as long as the model says', async () => {
    const model = lay('model.onnx.data', { 'model.onnx.data': weights.subarray(0, 10) });
    expect(faultOf(await buildWithoutRunning(requestFor(model)))).toMatchObject({
      code: 'onnx-external-short',
      message: expect.stringContaining('model.onnx.data, which has 10 of 12 bytes') as string,
    });
  });

  it.runIf(process.platform !== 'win32')('must lie in the folder, with links followed', async () => {
    const model = lay('w.bin', {});
    const elsewhere = join(tempFolder(), 'secret.bin');
    writeFileSync(elsewhere, weights);
    symlinkSync(elsewhere, join(dirname(model), 'w.bin'));
    expect(faultOf(await buildWithoutRunning(requestFor(model)))).toMatchObject({
      code: 'onnx-external-outside',
      message: expect.stringContaining('secret.bin') as string,
    });
  });

  it.runIf(process.platform !== 'win32')(
    'may lie where the model itself lies, in the cache of a hub',
    async () => {
      const hub = tempFolder();
      mkdirSync(join(hub, 'blobs'));
      mkdirSync(join(hub, 'snapshots'));
      for (const [name, bytes] of [
        ['model.onnx', weighted('model.onnx.data')],
        ['model.onnx.data', weights],
      ] as const) {
        const blob = join(hub, 'blobs', `sha-of-${basename(name)}`);
        writeFileSync(blob, bytes);
        symlinkSync(blob, join(hub, 'snapshots', name));
      }
      await build(requestFor(join(hub, 'snapshots', 'model.onnx')));
    },
    60_000,
  );
});
