import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { overlapOf } from '../../../../contract/pictures/boxes.ts';
import type { Detection } from '../../../../contract/tasks/detections.ts';
import type { Decoder } from '../../../../main/worker/decoder.ts';
import { sharpDecoder } from '../../../../main/worker/sharp-decoder.ts';
import { vipsDecoder } from '../../../../main/worker/vips-decoder.ts';
import { openDetector } from '../../../fixtures/detectors/detect.ts';
import {
  colourLabels,
  families,
  nmsOf,
  preparation,
  type Family,
  type Fit,
} from '../../../fixtures/detectors/steps.ts';

type Case = {
  graph: Family;
  fit: Fit;
  contained?: number;
  agnostic?: boolean;
  picture: string;
  detections: { label: string; score: number; box: [number, number, number, number] }[];
};
const folder = path.join(import.meta.dirname, '..', '..', '..', 'fixtures', 'detectors');
const cases = JSON.parse(readFileSync(path.join(folder, 'answers.json'), 'utf8')) as Case[];
const decoders = [sharpDecoder(), await vipsDecoder()];

async function detect(
  decoder: Decoder,
  bytes: Uint8Array,
  one: Omit<Case, 'detections' | 'picture'>,
): Promise<readonly Detection[]> {
  const open = await openDetector({
    modelFile: path.join(folder, `${one.graph}.onnx`),
    preprocessing: preparation(one.fit),
    boxes: families[one.graph],
    nms: nmsOf(one.graph, one),
    labels: colourLabels,
  });
  return (await open(decoder, bytes)).detections;
}

/** Each expected box has the one at its place as partner: best first, the same label, the score and the sides as near as said. */
function expectAlike(
  found: readonly Detection[],
  wanted: Case['detections'],
  within: { score: number; pixels: number },
): void {
  expect(found).toHaveLength(wanted.length);
  const left = [...found];
  for (const want of wanted) {
    const at = left.findIndex(
      ({ label, score, box }) =>
        label === want.label &&
        Math.abs(score - want.score) <= within.score &&
        box.every((side, corner) => Math.abs(side - want.box[corner]!) <= within.pixels),
    );
    expect(at, `${want.label} ${want.score} ${String(want.box)}`).toBeGreaterThanOrEqual(0);
    left.splice(at, 1);
  }
  const scores = found.map(({ score }) => score);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
}

describe.each(decoders)('detectors of every form through $name', (decoder) => {
  it.each(cases)('$graph, $fit, $picture, contained $contained, agnostic $agnostic', async (one) => {
    const found = await detect(decoder, readFileSync(path.join(folder, one.picture)), one);
    // It is as large as its place in the input, so that nothing is scaled.
    const isExact = one.picture === 'small.png';
    expectAlike(
      found,
      one.detections,
      isExact ? { score: 0.0005, pixels: 0.02 } : { score: 0.03, pixels: 1 },
    );
  });

  it.each([2, 3, 4, 5, 6, 7, 8])(
    'finds the same in a photo that lies turned in its file, orientation %i',
    async (orientation) => {
      const upright = await sharp(path.join(folder, 'patches.png')).toBuffer();
      const one = cases.find(
        ({ graph, fit, picture }) => graph === 'apart' && fit === 'centre' && picture === 'patches.png',
      )!;
      const found = await detect(decoder, await turned(upright, orientation), one);
      expectAlike(found, one.detections, { score: 0.03, pixels: 1 });
    },
  );
});

/** The picture as it lies in a file whose orientation brings it upright again: turned by so much, then perhaps mirrored. */
async function turned(upright: Buffer, orientation: number): Promise<Buffer> {
  const [angle, isMirrored] = (
    [
      [0, true],
      [180, false],
      [180, true],
      [90, true],
      [270, false],
      [270, true],
      [90, false],
    ] as const
  )[orientation - 2]!;
  const turnedOnly = await sharp(upright).rotate(angle).png().toBuffer();
  const lying = isMirrored ? await sharp(turnedOnly).flop().png().toBuffer() : turnedOnly;
  return sharp(lying).withMetadata({ orientation }).png().toBuffer();
}

it('finds the patches where they were painted', async () => {
  const found = await detect(decoders[0]!, readFileSync(path.join(folder, 'patches.png')), {
    graph: 'columns',
    fit: 'centre',
  });
  const painted = { red: [96, 8, 150, 40], blue: [108, 60, 152, 116], green: [30, 64, 90, 110] } as const;
  for (const [label, box] of Object.entries(painted))
    expect(found.some((each) => each.label === label && overlapOf(each.box, box).union > 0.45)).toBe(true);
});
