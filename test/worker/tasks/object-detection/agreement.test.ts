import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { overlapOf, type Box } from '../../../../contract/pictures/boxes.ts';
import {
  compareDetections,
  countedOf,
  type ExpectedDetections,
} from '../../../../contract/tasks/detections.ts';
import type { DetectionResult } from '../../../../contract/tasks/object-detection.ts';
import { sharpDecoder } from '../../../../main/worker/sharp-decoder.ts';
import { vipsDecoder } from '../../../../main/worker/vips-decoder.ts';
import { openDetector } from '../../../fixtures/detectors/detect.ts';
import { detectors, facesFolder, triageFolder, type Use } from '../../../fixtures/detectors/nanodet.ts';

type Found = { label: string; score: number; box: [number, number, number, number] };
type Reference = Record<
  Use,
  {
    settings: { threshold: number };
    answers: Record<string, { size: [number, number]; detections: Found[] }>;
  }
> & {
  exact: Record<Use, { picture: string; tolerance: { score: number; box: number }; detections: Found[] }>;
};
const fixtures = path.join(import.meta.dirname, '..', '..', '..', 'fixtures');
const reference = JSON.parse(
  readFileSync(path.join(fixtures, 'golden', 'detection.json'), 'utf8'),
) as Reference;
const decoders = [sharpDecoder(), await vipsDecoder()];
const shipped = ['grace_hopper.jpg', 'raccoon.jpg', 'sheet.jpg'];
const photo = (name: string): string =>
  path.join(
    shipped.includes(name) ? path.join(triageFolder, 'samples') : path.join(fixtures, 'photos'),
    name,
  );
const exactPicture = {
  triage: path.join(triageFolder, 'golden'),
  coco: path.join(triageFolder, 'golden'),
  faces: facesFolder,
};
const uses = ['triage', 'coco', 'faces'] as const;

/** Answers within 0.1 of the threshold may be there or not: how a photo is scaled moves a score by up to 0.08. */
const near = 0.1;

type Expected = Omit<ExpectedDetections, 'variant' | 'toleranceAbs'>;
const distanceOf = (expected: Expected, result: DetectionResult): number =>
  compareDetections({ variant: 'fp32', toleranceAbs: 0, ...expected }, result).distance;

describe.each(uses)('%s', async (use) => {
  const detect = await openDetector(detectors[use]);
  const { threshold } = reference[use].settings;
  const expected = (detections: readonly Found[], how: { near: number; overlap: number }) => ({
    threshold,
    ...how,
    detections: detections.map(({ label, ...rest }) => ({
      ...rest,
      index: detectors[use].labels.findIndex(({ name }) => name === label),
    })),
  });

  describe.each(decoders)('through $name', (decoder) => {
    it.each(Object.entries(reference[use].answers))(
      'finds on %s what the reference finds',
      async (name, { size, detections }) => {
        const result = await detect(decoder, readFileSync(photo(name)));
        expect([result.width, result.height]).toEqual(size);
        expect(distanceOf(expected(detections, { near, overlap: 0.7 }), result)).toBeLessThanOrEqual(0.03);
      },
    );

    it('agrees to the bounds of the reference where nothing is scaled', async () => {
      const { picture, tolerance, detections } = reference.exact[use];
      const result = await detect(decoder, readFileSync(path.join(exactPicture[use], picture)));
      const found = countedOf({ ...result, threshold });
      expect(found.map(({ label }) => label)).toEqual(detections.map(({ label }) => label));
      found.forEach(({ score, box }, at) => {
        expect(Math.abs(score - detections[at]!.score)).toBeLessThanOrEqual(tolerance.score);
        // The reference is written to a tenth of a pixel.
        expect(
          Math.max(...box.map((side, corner) => Math.abs(side - detections[at]!.box[corner]!))),
        ).toBeLessThanOrEqual(tolerance.box + 0.05);
      });
    });
  });

  it('finds the same boxes when a JPEG is opened smaller, if with other scores', async () => {
    const fast = await openDetector({ ...detectors[use], isFast: true });
    const { detections } = reference[use].answers['sheet.jpg']!;
    const result = await fast(decoders[0]!, readFileSync(photo('sheet.jpg')));
    expect(distanceOf(expected(detections, { near, overlap: 0.7 }), result)).toBeLessThanOrEqual(0.05);
  });
});

describe('a golden sample refuses', async () => {
  const detect = await openDetector(detectors.triage);
  const bytes = readFileSync(path.join(triageFolder, 'golden', 'sheet-416.png'));
  const right = await detect(decoders[0]!, bytes);
  const expected = { threshold: 0.5, near: 0.05, overlap: 0.95, detections: [...countedOf(right)] };
  const changed = (change: (one: DetectionResult['detections'][number]) => object): DetectionResult => ({
    ...right,
    detections: right.detections.map((one) => ({ ...one, ...change(one) })),
  });

  it('nothing of what is right', () => {
    expect(distanceOf(expected, right)).toBe(0);
    expect(expected.detections).toHaveLength(4);
  });
  it('boxes that are shifted by ten pixels', () => {
    const shifted = changed(({ box }) => ({ box: box.map((side) => side + 10) as unknown as Box }));
    expect(overlapOf(shifted.detections[0]!.box, right.detections[0]!.box).union).toBeGreaterThan(0.7);
    expect(distanceOf(expected, shifted)).toBe(1);
  });
  it('labels that changed places', () => {
    expect(
      distanceOf(
        expected,
        changed(({ index }) => ({ index: 2 - index })),
      ),
    ).toBe(1);
  });
  it('channels that changed places', async () => {
    const preprocessing = detectors.triage.preprocessing.map((step) =>
      step.op === 'layout' ? { ...step, channels: 'RGB' as const } : step,
    );
    const swapped = await openDetector({ ...detectors.triage, preprocessing });
    expect(distanceOf(expected, await swapped(decoders[0]!, bytes))).toBeGreaterThan(0.03);
  });
  it('a box too many, but for one near the threshold', () => {
    const more = (score: number): DetectionResult => ({
      ...right,
      detections: [...right.detections, { index: 2, label: 'vehicle', score, box: [300, 300, 400, 400] }],
    });
    expect(distanceOf(expected, more(0.9))).toBe(1);
    expect(distanceOf(expected, more(0.54))).toBe(0);
  });
  it('a box too few, but for one near the threshold', () => {
    const without = { ...right, detections: right.detections.slice(1) };
    expect(distanceOf(expected, without)).toBe(1);
    const nearly = {
      ...expected,
      detections: expected.detections.map((one, at) => (at === 0 ? { ...one, score: 0.52 } : one)),
    };
    expect(distanceOf(nearly, without)).toBe(0);
  });
});
