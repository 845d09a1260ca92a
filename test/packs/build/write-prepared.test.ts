import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { buildPack } from '../../../main/packs/build/index.ts';
import { tempFolder } from '../fixture.ts';
import { build, meaning, realRunner, requestFor } from './fixture.ts';

const folder = join(import.meta.dirname, '../../fixtures/picture-kinds');
const photo = join(folder, 'photo.png');
const { labels, lumaSha256 } = JSON.parse(readFileSync(join(folder, 'answers.json'), 'utf8')) as {
  readonly labels: readonly string[];
  readonly lumaSha256: string;
};
const requestOf = (kind: string, prepared: string) =>
  requestFor(join(folder, `${kind}.onnx`), {
    labelsText: labels.join('\n'),
    prepared,
    golden: [{ kind: 'picture', name: 'photo', file: photo }],
    samples: [{ file: photo, title: 'The same' }],
    answers: { ...meaning, task: 'image-classification', labels: 'labels.txt', preprocess: 'unit' },
  });
const rawOf = (file: string) => sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true });

describe('photos as the model gets them', () => {
  it('are files of its size: the very pixels where nothing is resized', async () => {
    const prepared = join(tempFolder(), 'new', 'folder');
    const built = await build(requestOf('uint8-nhwc', prepared));
    expect(built.notes.join('\n')).toContain(`One photo is in ${prepared} as the model gets them`);
    expect(readdirSync(prepared)).toEqual(['photo.png.png']);
    const [seen, own] = await Promise.all([rawOf(join(prepared, 'photo.png.png')), rawOf(photo)]);
    expect([seen.info.width, seen.info.height]).toEqual([24, 20]);
    expect(seen.data.equals(own.data)).toBe(true);
  });

  it('are grey for a model of one channel, as Pillow makes them, and are there although the scores are refused', async () => {
    const prepared = tempFolder();
    const request = { ...requestOf('luma-nchw', prepared), scores: 'logits' as const };
    const refused = await buildPack(request, { openRunner: await realRunner() });
    expect(refused.ok ? null : refused.fault.code).toBe('onnx-unfit');
    const { data } = await rawOf(join(prepared, 'photo.png.png'));
    const channels = [0, 1, 2].map((channel) => data.filter((_, at) => at % 3 === channel));
    for (const values of channels) expect(createHash('sha256').update(values).digest('hex')).toBe(lumaSha256);
  });

  it('need photos, and a model that takes them', async () => {
    const openRunner = await realRunner();
    const none = await buildPack(
      { ...requestOf('uint8-nhwc', tempFolder()), golden: [], samples: [] },
      { openRunner },
    );
    expect(none.ok ? null : none.fault.message).toContain(
      '--prepared shows the photos of --golden and --sample',
    );
  });
});
