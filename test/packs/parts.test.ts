// Packs that are made of others: which versions play the roles, and what is refused by name.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultOf, openLocal, tempFolder, writePack } from './fixture.ts';
import type { RawManifest } from './fixture.ts';

type Parts = readonly { readonly role: string; readonly pack: string; readonly versions: string }[];
const both: Parts = [
  { role: 'detector', pack: 'finder', versions: '^1.0.0' },
  { role: 'classifier', pack: 'namer', versions: '^1.0.0' },
];

/** A pack of this task by its manifest alone: nothing here loads a model. */
function model(folder: string, id: string, { version = '1.0.0', task = 'object-detection' } = {}): string {
  const steps =
    task === 'object-detection'
      ? [
          {
            op: 'boxes',
            from: { layout: 'apart', boxes: 'y', scores: 'y' },
            corners: 'left-top-right-bottom',
            unit: 'pixels',
            scores: 'probabilities',
            minScore: 0.1,
          },
        ]
      : [];
  const preprocessing = [
    { op: 'decode', background: [0, 0, 0] },
    { op: 'layout', input: 'x', order: 'NCHW', channels: 'RGB' },
  ];
  const inputs = [{ name: 'x', type: 'float32', shape: ['N', 3, 8, 8] }];
  return writePack(join(folder, `${id}-${version}`), {
    change: (manifest) => ({ ...manifest, id, version, task, inputs, preprocessing, postprocessing: steps }),
  });
}

function whole(folder: string, parts: unknown, change: (manifest: RawManifest) => RawManifest = (m) => m) {
  return writePack(folder, {
    change: ({ opset: _opset, ...manifest }) =>
      change({
        ...manifest,
        id: 'whole',
        task: 'detect-classify',
        files: (manifest['files'] as readonly { path: string }[]).filter(({ path }) => path !== 'model.onnx'),
        variants: [{ name: 'fp32', providers: ['cpu'] }],
        inputs: [],
        outputs: [],
        parts,
        postprocessing: [
          { op: 'name-crops', groups: ['animal'], scale: 1, minScore: 0.5, most: 5, unsure: 0.5 },
        ],
      }),
  });
}

async function opened(setUp: (folder: string) => void) {
  const folder = tempFolder();
  setUp(folder);
  const library = await openLocal(folder);
  const found = library.find('whole');
  if (!found.ok) throw new Error(found.fault.message);
  return { library, pack: found.value };
}
const namer = { task: 'image-classification' };

describe('a pack that is made of others', () => {
  it('takes the newest version in the range, and the one that answers where it is in the range', async () => {
    const { library, pack } = await opened((folder) => {
      for (const version of ['1.0.0', '1.4.0', '1.5.0-beta.1', '2.0.0']) model(folder, 'finder', { version });
      model(folder, 'namer', namer);
      whole(join(folder, 'whole'), both);
    });
    const refs = () => {
      const parts = library.parts(pack);
      return parts.ok ? parts.value.map((part) => [part.role, part.pack.ref]) : parts.fault.code;
    };
    const point = (active: string): void =>
      library.point(new Map([['finder', { seq: 1, active, previous: null, canary: null }]]));
    const newest = library.digestOf(pack);
    expect(refs()).toEqual([
      ['detector', 'finder@1.4.0'],
      ['classifier', 'namer@1.0.0'],
    ]);
    point('1.0.0');
    expect(refs()).toContainEqual(['detector', 'finder@1.0.0']);
    expect(library.digestOf(pack)).not.toBe(newest);
    point('2.0.0');
    expect(refs()).toContainEqual(['detector', 'finder@1.4.0']);
    expect(library.digestOf(pack)).toBe(newest);
    const [finder] = library.list().filter(({ ref }) => ref === 'finder@1.4.0');
    expect(library.usersOf(finder!).map(({ ref }) => ref)).toEqual(['whole@1.0.0']);
  });

  it('names the part that is not here', async () => {
    const { library, pack } = await opened((folder) => {
      model(folder, 'finder', { version: '2.0.0' });
      model(folder, 'namer', namer);
      whole(join(folder, 'whole'), both);
    });
    expect(faultOf(library.parts(pack))).toMatchObject({
      code: 'pack-part-missing',
      params: { model: 'whole@1.0.0', part: 'finder', versions: '^1.0.0' },
    });
  });

  it('refuses a part that does something else', async () => {
    const { library, pack } = await opened((folder) => {
      model(folder, 'finder');
      model(folder, 'namer');
      whole(join(folder, 'whole'), both);
    });
    const fault = faultOf(library.parts(pack));
    expect(fault.code).toBe('pack-parts-unfit');
    expect(fault.message).toContain(
      'the part classifier has to do image-classification, and namer@1.0.0 does',
    );
  });

  it('refuses to be a part of its part', async () => {
    const { library, pack } = await opened((folder) => {
      model(folder, 'namer', namer);
      whole(join(folder, 'whole'), both);
      whole(
        join(folder, 'finder'),
        [{ role: 'detector', pack: 'whole', versions: '^1.0.0' }, both[1]],
        (manifest) => ({ ...manifest, id: 'finder' }),
      );
    });
    expect(faultOf(library.parts(pack)).message).toContain('it would need itself: whole → finder → whole');
  });

  it.each<readonly [string, unknown, string]>([
    ['no parts at all', undefined, 'detect-classify needs a part detector'],
    ['a role that is missing', [both[0]], 'detect-classify needs a part classifier'],
    ['a role that it does not have', [...both, { ...both[0], role: 'reader' }], 'has no part reader'],
    ['a role that is there twice', [...both, both[0]], 'detector is there twice'],
    ['itself', [{ ...both[0], pack: 'whole' }, both[1]], 'it would need itself: whole → whole'],
    [
      'a range that holds nothing',
      [{ ...both[0], versions: '>=2.0.0 <1.0.0' }, both[1]],
      'no version can be in >=2',
    ],
    ['a range that is none', [{ ...both[0], versions: 'newest' }, both[1]], 'parts.0.versions'],
  ])('is refused with %s', async (_, parts, text) => {
    const folder = tempFolder();
    whole(join(folder, 'whole'), parts);
    const library = await openLocal(folder);
    expect(library.list()).toEqual([]);
    const [refused] = library.refused();
    expect(refused?.fault.code).toBe('pack-manifest-invalid');
    expect(refused?.fault.message).toContain(text);
  });

  it('is refused with a model file of its own, as a model is without one, or with parts', async () => {
    const folder = tempFolder();
    const file = { name: 'fp32', file: 'card.md', providers: ['cpu'] };
    whole(join(folder, 'one'), both, (manifest) => ({ ...manifest, variants: [file] }));
    writePack(join(folder, 'two'), {
      change: ({ opset: _opset, ...manifest }) => ({
        ...manifest,
        outputs: [],
        parts: both,
        variants: [{ name: 'fp32', providers: ['cpu'] }],
      }),
    });
    const library = await openLocal(folder);
    const [one = '', two = ''] = library.refused().map(({ fault }) => fault.message);
    expect(one).toContain('variant fp32 names a file, and the pack is made of others');
    for (const text of [
      'tensor is made of no other packs',
      'variant fp32 names no file',
      'outputs: it is empty',
      'opset',
    ])
      expect(two).toContain(text);
  });
});
