import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readCamera } from '../../main/worker/camera/index.ts';
import { decodeSpec } from '../../main/worker/preprocess.ts';
import { sharpDecoder } from '../../main/worker/sharp-decoder.ts';
import { taskInput } from '../../main/worker/task-input.ts';
import { vipsDecoder } from '../../main/worker/vips-decoder.ts';
import { ascii, byte, exifBlock, fullBlock, rational, short, tag, withBlock } from './exif-blocks.ts';

const fixtures = path.join(import.meta.dirname, '..', 'fixtures', 'camera');
const reconyx = readFileSync(path.join(fixtures, 'reconyx-hyperfire2.exif'));
const full = {
  takenAt: '2026-05-01T23:59:30',
  offset: '+02:00',
  make: 'Acme',
  model: 'Trail 5',
  serial: 'SN-77',
  orientation: 6,
  latitude: -1.29,
  longitude: 36.82,
  altitudeM: 1795,
  temperatureC: -3.5,
};

describe('what a camera says', () => {
  it.each([true, false])('is read whole, in either order of bytes', (isLittle) => {
    expect(readCamera(exifBlock(fullBlock, isLittle))).toEqual(full);
  });

  it('of RECONYX HyperFire 2 has serial number and temperature from the maker note, as a real camera wrote them', () => {
    expect(readCamera(reconyx)).toEqual({
      takenAt: '2021-04-11T20:43:09',
      make: 'RECONYX',
      model: 'HYPERFIRE 2 COVERT',
      serial: 'H2RXEM06043616',
      temperatureC: 2,
    });
  });

  it('is not taken from a maker note of another layout', () => {
    const note = Buffer.from(reconyx);
    const at = note.indexOf('RECONYXH2');
    note.writeInt16LE(90, at + 0x4e);
    const camera = readCamera(note);
    expect(camera).not.toHaveProperty('temperatureC');
    expect(camera).not.toHaveProperty('serial');
    expect(camera).toMatchObject({ takenAt: '2021-04-11T20:43:09' });
  });

  it('is nothing where clocks were never set, receivers had no fix, or a block is cut or damaged', () => {
    const image = { [tag.time]: ascii('0000:00:00 00:00:00') };
    const noFix = {
      [tag.latitudeRef]: ascii('N'),
      [tag.latitude]: rational([0, 1], [0, 1], [0, 1]),
      [tag.longitudeRef]: ascii('E'),
      [tag.longitude]: rational([0, 1], [0, 1], [0, 0]),
      [tag.altitudeRef]: byte(0),
    };
    expect(readCamera(exifBlock({ image, gps: noFix }))).toBeNull();
    expect(readCamera(exifBlock({ image: { [tag.orientation]: short(90) } }))).toBeNull();
    expect(readCamera(Buffer.from('Exif\0\0nonsense'))).toBeNull();
    const whole = exifBlock(fullBlock);
    for (let length = 0; length < whole.byteLength; length += 7)
      expect(() => readCamera(whole.subarray(0, length))).not.toThrow();
  });

  it('is text that is short and harmless', () => {
    const image = { [tag.make]: ascii(`A\u0007${'x'.repeat(400)}`), [tag.model]: ascii('  ') };
    const camera = readCamera(exifBlock({ image }));
    expect(camera?.make).toHaveLength(120);
    expect(camera?.make).not.toContain('\u0007');
    expect(camera).not.toHaveProperty('model');
  });
});

describe.each([sharpDecoder(), await vipsDecoder()])('by $name', (decoder) => {
  it('comes with the picture that is decoded for the model', async () => {
    const jpeg = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#385' } })
      .jpeg()
      .toBuffer();
    const asked = taskInput({ decoder, bytes: withBlock(jpeg, exifBlock(fullBlock)), name: 'a.jpg' });
    expect(asked.camera()).toBeNull();
    const picture = await asked.input.picture([]);
    expect(picture.ok && [picture.value.width, picture.value.height]).toEqual([30, 40]);
    expect(asked.camera()).toEqual(full);
    const bare = taskInput({ decoder, bytes: jpeg, name: 'b.jpg' });
    await decoder.decode(jpeg, decodeSpec([]), 'b.jpg');
    await bare.input.picture([]);
    expect(bare.camera()).toBeNull();
  });

  it('is not in a small picture of the photo', async () => {
    const jpeg = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#385' } })
      .jpeg()
      .toBuffer();
    const small = await decoder.thumbnail(withBlock(jpeg, exifBlock(fullBlock)), 16, 'a.jpg');
    const { exif } = await sharp(small.ok ? small.value.jpeg : Buffer.alloc(0)).metadata();
    const camera = exif ? readCamera(exif) : null;
    expect([camera?.latitude, camera?.serial, camera?.make]).toEqual([undefined, undefined, undefined]);
  });
});
