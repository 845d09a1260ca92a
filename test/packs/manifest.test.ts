import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../contract/faults/faults.ts';
import { parseManifest } from '../../main/packs/manifest.ts';
import { describeFile, faultOf, openLocal, openPack, tempFolder, writePack } from './fixture.ts';
import type { PackOptions, RawManifest } from './fixture.ts';

/** Why a folder with this manifest is refused. */
async function refusal(change: PackOptions['change']): Promise<Fault> {
  const library = await openLocal(writePack(tempFolder(), { change }));
  expect(library.list()).toEqual([]);
  const [refused] = library.refused();
  if (!refused) throw new Error('it was not refused');
  return refused.fault;
}

const files = (manifest: RawManifest): ReturnType<typeof describeFile>[] =>
  manifest['files'] as ReturnType<typeof describeFile>[];
const withFile = (path: string) => (manifest: RawManifest) => ({
  ...manifest,
  files: [...files(manifest), describeFile(path, '')],
});

describe('a manifest is refused', () => {
  it('when it is not JSON, naming the pack by its folder', async () => {
    const folder = join(tempFolder(), 'half-copied');
    mkdirSync(folder);
    writeFileSync(join(folder, 'manifest.json'), '{"format": 1,');
    const library = await openLocal(folder);
    expect(library.refused()).toMatchObject([
      { name: 'half-copied', fault: { code: 'pack-manifest-invalid', params: { pack: 'half-copied' } } },
    ]);
    expect(library.refused()[0]?.fault.message).toContain('not JSON');
  });

  it('naming every issue, unknown fields among them', async () => {
    const fault = await refusal((manifest) => ({
      ...manifest,
      title: '',
      opset: 'many',
      surprise: true,
      files: [{ path: 'a', size: -1, sha256: 'x' }],
    }));
    expect(fault.code).toBe('pack-manifest-invalid');
    for (const part of ['title: ', 'opset: ', 'surprise', 'files.0.size: ', 'files.0.sha256: '])
      expect(fault.message).toContain(part);
  });

  it('over 4 MB', async () => {
    const fault = await refusal((manifest) => ({
      ...manifest,
      evaluation: { padding: ' '.repeat(4 * 1024 ** 2) },
    }));
    expect(fault).toMatchObject({ code: 'pack-manifest-invalid' });
    expect(fault.message).toContain('4194304');
  });

  it.each([
    '/etc/passwd',
    '../above.bin',
    'golden/../../above.bin',
    'golden\\a.f32',
    'C:/model.onnx',
    'golden/./a.f32',
  ])('that lists %s', async (path) => {
    expect(await refusal(withFile(path))).toMatchObject({
      code: 'pack-path-outside',
      params: { file: path },
    });
  });

  it.each(['labels', 'card', 'golden'])('whose %s leads out of the pack', async (key) => {
    expect(await refusal((manifest) => ({ ...manifest, [key]: '../x' }))).toMatchObject({
      code: 'pack-path-outside',
      params: { file: '../x' },
    });
  });

  it.each(['Card.md', 'Golden/b.f32', 'MANIFEST.json', 'card.md'])(
    'that lists %s, which is there in another spelling',
    async (path) => {
      expect(await refusal(withFile(path))).toMatchObject({ code: 'pack-path-clash' });
    },
  );

  it('with a path of 300 characters', async () => {
    const fault = await refusal(withFile('x'.repeat(300)));
    expect(fault.code).toBe('pack-manifest-invalid');
    expect(fault.message).toContain('files.3.path');
  });

  it('for a newer Outpost, whatever else it holds', async () => {
    const fault = await refusal((manifest) => ({
      ...manifest,
      format: 2,
      minimumAppVersion: '0.10.0',
      surprise: true,
    }));
    expect(fault).toMatchObject({ code: 'pack-app-too-old', params: { needed: '0.10.0', version: '0.1.0' } });
    expect((await refusal((manifest) => ({ ...manifest, minimumAppVersion: '0.1.1-beta.1' }))).code).toBe(
      'pack-app-too-old',
    );
  });

  it.each([
    [
      'variants.0.file: gone.onnx is not among files',
      { variants: [{ name: 'fp32', file: 'gone.onnx', providers: ['cpu'] }] },
    ],
    ['samples.0.file: gone.png is not among files', { samples: [{ file: 'gone.png', title: 'Gone' }] }],
    ['labels: gone.json is not among files', { labels: 'gone.json' }],
    ['embedding: there is no output z', { embedding: 'z' }],
    ['postprocessing.0.output: there is no output x', { postprocessing: [{ op: 'softmax', output: 'x' }] }],
    ['preprocessing: image-classification needs the step layout', { task: 'image-classification' }],
  ])('that says %s', async (reason, change) => {
    const fault = await refusal((manifest) => ({ ...manifest, ...change }));
    expect(fault.code).toBe('pack-manifest-invalid');
    expect(fault.message).toContain(reason);
  });

  it('in bytes that are not UTF-8', () => {
    expect(faultOf(parseManifest(new Uint8Array([0x22, 0xff, 0x22]), 'x', '0.1.0')).code).toBe(
      'pack-manifest-invalid',
    );
  });
});

describe('labels and golden sets', () => {
  const label = (index: number) => ({ index, id: `n${index}`, name: `thing ${index}` });
  const labelled = (labels: unknown): PackOptions => ({
    files: { 'labels.json': JSON.stringify(labels) },
    change: (manifest) => ({
      ...manifest,
      labels: 'labels.json',
      postprocessing: [{ op: 'softmax', output: 'y' }],
    }),
  });

  it.each([
    ['has 3 entries', [label(0), label(1), label(2)]],
    ['entry 1 has index 0', [label(0), label(0)]],
    ['1.name', [label(0), { index: 1, id: 'n1' }]],
  ])('labels: %s', async (reason, labels) => {
    const { library, pack } = await openPack(writePack(tempFolder(), labelled(labels)));
    const fault = faultOf(await library.labels(pack));
    expect(fault.code).toBe('pack-manifest-invalid');
    expect(fault.message).toContain(reason);
  });

  it('a golden set may only name files of the pack', async () => {
    const golden = { cases: [{ kind: 'picture', name: 'x', file: 'samples/gone.png', expected: [] }] };
    const { library, pack } = await openPack(
      writePack(tempFolder(), {
        files: { 'golden.json': JSON.stringify(golden) },
        change: (manifest) => ({ ...manifest, golden: 'golden.json' }),
      }),
    );
    expect(faultOf(await library.golden(pack)).message).toContain('samples/gone.png is not among files');
  });
});
