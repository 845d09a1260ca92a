import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Manifest } from '../../contract/packs/manifest.ts';
import { Labels } from '../../contract/packs/labels.ts';
import type { Decoder, Picture } from '../../main/worker/decoder.ts';
import { openTask } from '../../main/worker/tasks/index.ts';
import { decodeSpec } from '../../main/worker/preprocess.ts';
import { taskInput } from '../../main/worker/task-input.ts';
import { openSession } from '../../main/worker/session.ts';
import { sharpDecoder } from '../../main/worker/sharp-decoder.ts';
import { vipsDecoder } from '../../main/worker/vips-decoder.ts';
import { labelled } from '../fixtures/labelled.ts';

type Scored = { index: number; name: string; probability: number };
type Expected = { size_after_orientation: [number, number]; fp32: Scored[]; int8: Scored[] };
const fixtures = path.join(import.meta.dirname, '..', 'fixtures');
const pack = path.join(import.meta.dirname, '..', '..', 'models', 'efficientnet-lite0');
const golden = JSON.parse(readFileSync(path.join(fixtures, 'golden', 'photos.json'), 'utf8')) as {
  photos: Record<string, Expected>;
};
const manifest = Manifest.parse(JSON.parse(readFileSync(path.join(pack, 'manifest.json'), 'utf8')));
const labels = Labels.parse(JSON.parse(readFileSync(path.join(pack, 'labels.json'), 'utf8')));
const floats = (file: string) =>
  new Float32Array(new Uint8Array(readFileSync(path.join(fixtures, 'golden', file))).buffer);

async function load(variant: 'fp32' | 'int8') {
  const spec = {
    modelFile: path.join(pack, manifest.variants.find(({ name }) => name === variant)!.file!),
    provider: 'cpu' as const,
    threads: 2,
    task: manifest.task,
    outputs: manifest.outputs,
    preprocessing: manifest.preprocessing,
    postprocessing: manifest.postprocessing,
    labels,
    embedding: manifest.embedding ?? null,
  };
  const session = await openSession(spec);
  if (!session.ok) throw new Error(session.fault.message);
  const task = openTask({ session: session.value, spec, file: 'model.onnx' });
  if (!task.ok) throw new Error(task.fault.message);
  return { session: session.value, task: task.value! };
}
const models = { fp32: await load('fp32'), int8: await load('int8') };
const decoders: Decoder[] = [sharpDecoder(), await vipsDecoder()];
const bytesOf = (file: string) => readFileSync(path.join(fixtures, file));

async function answer(decoder: Decoder, file: string, variant: 'fp32' | 'int8') {
  const { input } = taskInput({ decoder, bytes: bytesOf(file), name: file });
  const result = await models[variant].task.answer(input, { top: 1000 });
  if (!result.ok) throw new Error(result.fault.message);
  return result.value;
}

describe('the raw tensor', () => {
  it('gives the reference logits and embedding within 0.001', async () => {
    const pixels = floats('chelsea-pixels.f32');
    const answered = await models.fp32.session.run([
      { name: 'pixels', type: 'float32', dims: [1, 3, 224, 224], data: new Uint8Array(pixels.buffer) },
    ]);
    if (!answered.ok) throw new Error(answered.fault.message);
    for (const [name, file] of [
      ['logits', 'chelsea-logits.f32'],
      ['embedding', 'chelsea-embedding.f32'],
    ] as const) {
      const tensor = answered.value.tensors.find((each) => each.name === name)!;
      const values = new Float32Array(tensor.data.slice().buffer);
      const wanted = floats(file);
      expect(values.length).toBe(wanted.length);
      const distance = values.reduce(
        (most, value, index) => Math.max(most, Math.abs(value - wanted[index]!)),
        0,
      );
      expect(distance).toBeLessThanOrEqual(0.001);
    }
  });
});

describe.each(decoders)('photos through $name', (decoder) => {
  it.each(Object.entries(golden.photos))('%s', async (file, expected) => {
    const result = await answer(decoder, file, 'fp32');
    expect([result.width, result.height]).toEqual(expected.size_after_orientation);
    const scoreOf = (index: number) =>
      labelled(result).predictions.find((each) => each.index === index)!.score;
    const [first, second] = expected.fp32;
    if (first!.probability - second!.probability > 0.16 || file.startsWith('photos/'))
      expect(labelled(result).predictions[0]!.index).toBe(first!.index);
    if (file === 'variants/coffee-cmyk.jpg') return;
    for (const { index, probability } of expected.fp32)
      expect(Math.abs(scoreOf(index) - probability)).toBeLessThanOrEqual(0.08);
  });
});

describe('int8', () => {
  it.each(Object.entries(golden.photos).filter(([file]) => file.startsWith('photos/')))(
    '%s',
    async (file, expected) => {
      const result = await answer(decoders[0]!, file, 'int8');
      for (const { index, probability } of expected.int8) {
        expect(
          Math.abs(labelled(result).predictions.find((each) => each.index === index)!.score - probability),
        ).toBeLessThanOrEqual(0.15);
      }
    },
  );
});

describe('both decoders', () => {
  it.each(Object.keys(golden.photos))('give the same bytes for %s', async (file) => {
    const [one, other] = await Promise.all(
      decoders.map((decoder) => decoder.decode(bytesOf(file), decodeSpec(manifest.preprocessing), file)),
    );
    if (!one?.ok || !other?.ok) throw new Error('not decoded');
    const plain = ({ exif, ...value }: Picture) => ({ ...value, pixels: 0, exif: exif && Buffer.from(exif) });
    expect(plain(other.value)).toEqual(plain(one.value));
    expect(Buffer.compare(Buffer.from(one.value.pixels), Buffer.from(other.value.pixels))).toBe(0);
  });
});
