import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import type { Tensor } from 'onnxruntime-node';
import { describe, expect, it, test } from 'vitest';
import { overlapOf, type Box } from '../../../../contract/pictures/boxes.ts';
import { countedOf } from '../../../../contract/tasks/detections.ts';
import { decodeSpec } from '../../../../main/worker/preprocess.ts';
import { sharpDecoder } from '../../../../main/worker/sharp-decoder.ts';
import { taskInput } from '../../../../main/worker/task-input.ts';
import { isCut, planTiles } from '../../../../main/worker/tasks/object-detection/tiles.ts';
import { vipsDecoder } from '../../../../main/worker/vips-decoder.ts';
import { openDetector } from '../../../fixtures/detectors/detect.ts';
import { detectors, triageFolder } from '../../../fixtures/detectors/nanodet.ts';

const decoders = [sharpDecoder(), await vipsDecoder()];
const sheet = readFileSync(path.join(triageFolder, 'samples', 'sheet.jpg'));
const side = fc.integer({ min: 1, max: 12_000 });
const input = fc.integer({ min: 32, max: 1280 });

describe('tiles', () => {
  const planned = fc.tuple(side, side, input, input).map(([width, height, inputWidth, inputHeight]) => ({
    photo: { width, height },
    fed: { width: inputWidth, height: inputHeight },
    tiling: planTiles({ width, height }, { width: inputWidth, height: inputHeight }),
  }));

  it('are as large as the input at most, lie in the photo, and show all of it', () => {
    fc.assert(
      fc.property(planned, ({ photo, fed, tiling }) => {
        if (!tiling) return;
        const { size, tiles } = tiling;
        expect(size.width).toBeLessThanOrEqual(photo.width);
        expect(size.height).toBeLessThanOrEqual(photo.height);
        for (const { left, top, width, height } of tiles) {
          expect(width).toBeLessThanOrEqual(fed.width);
          expect(height).toBeLessThanOrEqual(fed.height);
          expect(
            Math.min(left, top, size.width - left - width, size.height - top - height),
          ).toBeGreaterThanOrEqual(0);
        }
        for (const [x, y] of [
          [0, 0],
          [size.width, 0],
          [0, size.height],
          [size.width, size.height],
        ] as const)
          expect(tiles.some((tile) => holds(tile, [x, y, x, y]))).toBe(true);
      }),
    );
  });

  it('show whatever is no larger than a quarter of one whole, and away from borders, in one of them', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(planned, fc.tuple(share, share, share, share), ({ tiling }, [x, y, w, h]) => {
        if (!tiling) return;
        const { size, tiles } = tiling;
        const { width, height } = tiles[0]!;
        // Borders of tiles are whole pixels, and what is nearer than a hundredth counts as cut.
        const most = (length: number): number => Math.max(0, 0.23 * length - 3);
        const [wide, high] = [w * most(width), h * most(height)];
        const [left, top] = [x * (size.width - wide), y * (size.height - high)];
        const box: Box = [left, top, left + wide, top + high];
        expect(tiles.some((tile) => holds(tile, box) && !isCut(box, tile, size))).toBe(true);
      }),
    );
  });

  it('are none where the whole look shows the photo nearly as large', () => {
    expect(planTiles({ width: 500, height: 400 }, { width: 416, height: 416 })).toBeNull();
    expect(planTiles({ width: 4000, height: 3000 }, { width: 416, height: 416 })?.tiles).toHaveLength(6);
  });

  const holds = (
    { left, top, width, height }: { left: number; top: number; width: number; height: number },
    box: Box,
  ): boolean => box[0] >= left && box[1] >= top && box[2] <= left + width && box[3] <= top + height;
});

describe.each(decoders)('cut out of a decoded photo, through $name', (decoder) => {
  it('a photo has the pixels that decoding it for the model gives', async () => {
    const steps = detectors.triage.preprocessing;
    const decoded = await decoder.decode(sheet, decodeSpec(steps), 'sheet.jpg');
    const { input: asked } = taskInput({ decoder, bytes: sheet, name: 'sheet.jpg' });
    const whole = await asked.whole(steps);
    if (!decoded.ok || !whole.ok) throw new Error('not decoded');
    expect([whole.value.outWidth, whole.value.outHeight]).toEqual([1280, 960]);
    const size = { width: decoded.value.outWidth, height: decoded.value.outHeight };
    const resize = { op: 'resize', kernel: 'cubic', ...size } as const;
    const cut = await asked.cut(whole.value, { left: 0, top: 0, width: 1280, height: 960 }, resize);
    expect(cut.outWidth).toBe(416);
    expect(Buffer.compare(cut.pixels, decoded.value.pixels)).toBe(0);
    const part = await asked.cut(whole.value, { left: 7, top: 5, width: 2, height: 1 }, null);
    const at = 3 * (5 * 1280 + 7);
    expect([...part.pixels]).toEqual([...whole.value.pixels.subarray(at, at + 6)]);
  });
});

test('all boxes of a look are freed when those that count are known', async () => {
  const outputs: Tensor[] = [];
  const detect = await openDetector(detectors.triage, (all) => void outputs.push(...Object.values(all)));
  expect(countedOf(await detect(decoders[0]!, sheet)).length).toBeGreaterThan(0);
  expect(outputs.map(({ dims }) => dims.at(-2))).toContain(3549);
  expect(outputs.map(({ data }) => data.length)).toEqual(outputs.map(() => 0));
});

describe('a thorough look', async () => {
  const plain = await openDetector(detectors.triage);
  const thorough = await openDetector({ ...detectors.triage, thorough: true });
  const counted = async (detect: typeof plain, bytes: Buffer) => countedOf(await detect(decoders[0]!, bytes));

  it('finds small things that the whole look does not, each once, and where they are', async () => {
    // The sheet four times, each a third as wide as the photo: two people and two animals in each.
    const small = await sharp(sheet).resize(640, 480).toBuffer();
    const places = [
      [60, 50],
      [1220, 60],
      [70, 900],
      [1200, 920],
    ] as const;
    const photo = await sharp({ create: { width: 1920, height: 1440, channels: 3, background: '#8a9a78' } })
      .composite(places.map(([left, top]) => ({ input: small, left, top })))
      .png()
      .toBuffer();
    const things = (await counted(plain, sheet)).flatMap(({ label, box }) =>
      places.map(([left, top]) => ({
        label,
        box: [left + box[0] / 2, top + box[1] / 2, left + box[2] / 2, top + box[3] / 2] as const,
      })),
    );
    const partners = async (detect: typeof plain) => {
      const all = await counted(detect, photo);
      return things.map(
        ({ label, box }) =>
          all.filter((one) => one.label === label && overlapOf(one.box, box).union > 0.5).length,
      );
    };
    const [few, many] = [await partners(plain), await partners(thorough)];
    expect(things).toHaveLength(16);
    expect(few.filter((count) => count > 0).length).toBeLessThanOrEqual(4);
    expect(many.filter((count) => count > 0).length).toBeGreaterThanOrEqual(14);
    expect(Math.max(...many)).toBe(1);
  });

  it('is the plain one where a photo is no larger than the input', async () => {
    const bytes = readFileSync(path.join(triageFolder, 'golden', 'sheet-416.png'));
    expect(await thorough(decoders[0]!, bytes)).toEqual(await plain(decoders[0]!, bytes));
  });

  it('finds large things as the plain one does, in the photo as a person sees it', async () => {
    const turned = await sharp(sheet)
      .rotate(90)
      .withMetadata({ orientation: 8 })
      .jpeg({ quality: 95 })
      .toBuffer();
    const [upright, found] = [await counted(thorough, sheet), await counted(thorough, turned)];
    expect(upright.filter(({ score }) => score > 0.6)).toHaveLength(4);
    for (const { label, box } of upright.filter(({ score }) => score > 0.6))
      expect(found.filter((one) => one.label === label && overlapOf(one.box, box).union > 0.8)).toHaveLength(
        1,
      );
  });
});
