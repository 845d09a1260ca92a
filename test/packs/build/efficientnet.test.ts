import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GoldenSet } from '../../../contract/packs/manifest.ts';
import { Labels } from '../../../contract/packs/labels.ts';
import { diffPacks, inspect, unpack, verify } from '../../../main/packs/build/index.ts';
import type { BuildRequest, GoldenInput } from '../../../main/packs/build/index.ts';
import { appVersion, openPack, tempFolder } from '../fixture.ts';
import { build, efficientnet, realRunner, requestFor, meaning } from './fixture.ts';

const photo = (name: string) => join(efficientnet, 'samples', name);
const golden: readonly GoldenInput[] = [
  { kind: 'picture', name: 'A cat', file: photo('chelsea.png') },
  { kind: 'picture', name: 'Coffee', file: photo('coffee.png') },
];
const request = (more: Partial<BuildRequest> = {}): BuildRequest =>
  requestFor(join(efficientnet, 'efficientnet-lite0.onnx'), {
    answers: {
      ...meaning,
      task: 'image-classification',
      labels: join(efficientnet, 'labels.json'),
      preprocess: 'efficientnet-lite',
    },
    variants: [{ name: 'int8', file: join(efficientnet, 'efficientnet-lite0-int8.onnx') }],
    embedding: 'embedding',
    samples: [{ file: photo('chelsea.png'), title: 'A cat' }],
    golden,
    ...more,
  });

describe('a pack out of the real model, its labels and photos', { timeout: 120_000 }, () => {
  it('is taken by the library, gives the shipped pack its answers, and is the same bytes twice', async () => {
    const first = request();
    const built = await build(first);
    expect(built.golden).toBe(2);

    const folder = join(tempFolder(), 'pack');
    const unpacked = await unpack(first.out, folder, appVersion);
    expect(unpacked.ok && unpacked.value.digest).toBe(built.digest);
    const { library, pack } = await openPack(folder);
    expect(await library.prove(pack)).toEqual({ ok: true, value: undefined });
    expect(pack.digest).toBe(built.digest);
    const shipped = await openPack(efficientnet);
    for (const key of ['inputs', 'outputs', 'preprocessing', 'postprocessing', 'opset', 'embedding'] as const)
      expect(pack.manifest[key]).toEqual(shipped.pack.manifest[key]);
    expect(Labels.parse(JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8')))).toEqual(
      JSON.parse(readFileSync(join(efficientnet, 'labels.json'), 'utf8')),
    );

    const [mine, theirs] = [await library.golden(pack), await shipped.library.golden(shipped.pack)];
    const cat = (set: typeof mine) =>
      set.ok ? set.value?.cases.find((one) => one.kind === 'picture' && one.name === 'A cat') : undefined;
    // The shipped answers were made by other decoders, elsewhere: the same labels, within what its own samples allow.
    for (const variant of ['fp32', 'int8'] as const) {
      const shippedTop = topOf(cat(theirs), variant);
      const myTop = topOf(cat(mine), variant);
      expect(myTop.map(({ index }) => index)).toEqual(shippedTop.map(({ index }) => index));
      for (const [at, { score }] of myTop.entries())
        expect(Math.abs(score - (shippedTop[at]?.score ?? 9))).toBeLessThan(0.02);
    }
    // A photo that is a sample too lies there once.
    expect(readdirSync(join(folder, 'golden'))).toEqual(['coffee.png', 'golden.json']);

    for (const variant of ['fp32', 'int8'] as const) {
      const runner = await (await realRunner())({ folder, ref: pack.ref, variant });
      const validated = await runner.golden();
      await runner.close();
      expect(validated.ok && validated.value).toMatchObject({ variant, passed: 2, total: 2 });
    }

    utimesSync(first.model, new Date(), new Date());
    const again = request();
    const rebuilt = await build(again);
    expect(rebuilt.archive).toEqual(built.archive);
    expect(digestOf(again.out)).toBe(digestOf(first.out));
    expect(digestOf(first.out)).toBe(built.archive.sha256);
    // Nothing is left beside the archive.
    expect(readdirSync(dirname(first.out))).toEqual(['made.outpack']);

    const inspected = await inspect(first.out, appVersion);
    expect(inspected.ok && inspected.value).toMatchObject({
      form: 'archive',
      sizeBytes: built.archive.size,
      digest: built.digest,
      signature: 'none',
      graphs: [{ file: 'efficientnet-lite0.onnx' }, { file: 'efficientnet-lite0-int8.onnx' }],
    });
    const verified = await verify(first.out, appVersion);
    expect(verified).toMatchObject({ ok: true, value: { passed: true } });
  });

  it('and its next version differ in what was changed', async () => {
    const old = request({ variants: [], golden: [], samples: [] });
    await build(old);
    const next = request({
      variants: [],
      golden: [],
      samples: [],
      answers: { ...old.answers, version: '1.1.0', preprocess: 'timm' },
    });
    await build(next);
    const diff = await diffPacks(old.out, next.out, appVersion);
    if (!diff.ok) throw new Error(diff.fault.message);
    expect(diff.value).toMatchObject({
      from: 'made-here@1.0.0',
      to: 'made-here@1.1.0',
      added: [],
      removed: [],
      changed: [{ path: 'card.md' }],
      labels: { added: [], removed: [], moved: 0 },
      graphs: {},
    });
    expect(Object.keys(diff.value.manifest).sort()).toEqual(['preprocessing', 'version']);
    // Only the blocks around the manifest, the card and the archive's own list move.
    expect(diff.value.delta?.bytes).toBeLessThan(200_000);
  });
});

function topOf(one: GoldenSet['cases'][number] | undefined, variant: string) {
  if (one?.kind !== 'picture') throw new Error('no such case');
  return one.expected.find((row) => row.variant === variant)?.top ?? [];
}

const digestOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
