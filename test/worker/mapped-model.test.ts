import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LoadSpec } from '../../contract/wire.ts';
import { mappedModel } from '../../main/worker/mapped-model.ts';
import { openSession } from '../../main/worker/session.ts';
import { root } from '../fakes/engine.ts';
import { tensorSpec } from '../fixtures/tensor-spec.ts';
import { newFolder } from '../temp/folder.ts';

const models = path.join(root, 'models');
const classifier = path.join(models, 'efficientnet-lite0', 'efficientnet-lite0.onnx');
const detector = path.join(models, 'camera-triage', 'nanodet-g.onnx');
const sideOf = (modelFile: string): number => (modelFile === detector ? 416 : 224);

const specOf = (modelFile: string, mappedFolder?: string): LoadSpec => ({
  ...tensorSpec(modelFile),
  ...(mappedFolder !== undefined && { mappedFolder }),
});

const plainly = { logSeverityLevel: 4 as const, extra: { session: {} } };

/** What stands for bytes of which a comparison one by one would take seconds. */
const digestOf = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** The bytes that it answers to noise, and which files were mapped meanwhile. */
async function answerOf(modelFile: string, mappedFolder?: string) {
  const session = await openSession(specOf(modelFile, mappedFolder));
  if (!session.ok) throw new Error(session.fault.message);
  const [input] = session.value.inputs;
  const side = sideOf(modelFile);
  const values = Float32Array.from({ length: 3 * side * side }, (_, at) => Math.sin(at * 12.9898) * 2);
  const data = new Uint8Array(values.buffer);
  const ran = await session.value.run([
    { name: input!.name, type: 'float32', dims: [1, 3, side, side], data },
  ]);
  if (!ran.ok) throw new Error(ran.fault.message);
  const bytes = ran.value.tensors.map(({ name, dims, data: all }) => [name, dims, digestOf(all)]);
  const maps = readFileSync('/proc/self/maps', 'utf8');
  const { inputs, outputs } = session.value;
  await session.value.release();
  return { bytes, inputs, outputs, isMapped: mappedFolder !== undefined && maps.includes(mappedFolder) };
}

/** The classifier with a text in front that its graph does not use. */
function withText(folder: string, text: Buffer): string {
  const file = path.join(folder, 'model.onnx');
  const length = text.byteLength;
  const head = [0x32, (length & 127) | 128, ((length >> 7) & 127) | 128, length >> 14];
  writeFileSync(file, Buffer.concat([Buffer.from(head), text, readFileSync(classifier)]));
  return file;
}

describe.runIf(process.platform === 'linux')('a model whose weights processes share', () => {
  test.each([classifier, path.join(models, 'efficientnet-lite0', 'efficientnet-lite0-int8.onnx'), detector])(
    'answers with the same bits, from the first load on: %s',
    async (model) => {
      const folder = path.join(newFolder(), 'mapped');
      const plain = await answerOf(model);
      const made = await answerOf(model, folder);
      const [entry] = readdirSync(folder);
      const again = await answerOf(model, folder);
      expect([plain.isMapped, made.isMapped, again.isMapped]).toEqual([false, true, true]);
      expect({ ...made, isMapped: false }).toEqual(plain);
      expect(again).toEqual(made);
      expect(readdirSync(folder)).toEqual([entry]);
    },
  );

  test('is made once by all that want it at the same time', async () => {
    const folder = path.join(newFolder(), 'mapped');
    const loads = await Promise.all(
      Array.from({ length: 3 }, () => mappedModel(classifier, folder, plainly)),
    );
    const [entry] = readdirSync(folder);
    expect(loads).toEqual(loads.map(() => path.join(folder, entry!, 'model.onnx')));
    expect(readdirSync(folder)).toEqual([entry]);
    const { birthtimeMs } = statSync(path.join(folder, entry!));
    await mappedModel(classifier, folder, plainly);
    expect(statSync(path.join(folder, entry!)).birthtimeMs).toBe(birthtimeMs);
  });

  test('is made again where a file was damaged', async () => {
    const folder = path.join(newFolder(), 'mapped');
    const made = await answerOf(classifier, folder);
    const weights = path.join(folder, readdirSync(folder)[0]!, 'weights.bin');
    const damaged = readFileSync(weights);
    const whole = Buffer.from(damaged);
    damaged[damaged.length >> 1]! ^= 0x40;
    rmSync(weights);
    writeFileSync(weights, damaged);
    expect(await answerOf(classifier, folder)).toEqual(made);
    expect(readFileSync(weights).equals(whole)).toBe(true);
  });

  test('is one that is whole in its file: weights in another one may be exchanged', async () => {
    const folder = newFolder();
    // The word lies across two pieces in which the file is read.
    const padded = (word: string): Buffer => Buffer.from(`${'x'.repeat(1024 ** 2 - 4 - 5)}${word}`, 'latin1');
    const mapped = path.join(folder, 'mapped');
    expect(await answerOf(withText(folder, padded('\n\u0008location')), mapped)).toMatchObject({
      isMapped: false,
    });
    expect(existsSync(mapped)).toBe(false);
    expect(await answerOf(withText(folder, padded('\n\u0008locations'.slice(0, -2))), mapped)).toMatchObject({
      isMapped: true,
    });
  });

  test('is loaded as before where the folder cannot be made', async () => {
    const file = path.join(newFolder(), 'file');
    writeFileSync(file, '');
    const { bytes } = await answerOf(classifier);
    expect(await answerOf(classifier, path.join(file, 'mapped'))).toMatchObject({ isMapped: false, bytes });
  });

  test('goes when nobody has loaded it for a month', async () => {
    const folder = path.join(newFolder(), 'mapped');
    for (const [name, days] of [
      ['old', 31],
      ['new', 29],
    ] as const) {
      await mkdir(path.join(folder, name), { recursive: true });
      writeFileSync(path.join(folder, name, 'seal.json'), '[]');
      const at = Date.now() / 1000 - days * 86_400;
      utimesSync(path.join(folder, name, 'seal.json'), at, at);
    }
    await answerOf(classifier, folder);
    expect(readdirSync(folder)).toHaveLength(2);
    expect(existsSync(path.join(folder, 'new'))).toBe(true);
  });
});
