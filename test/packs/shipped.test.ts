import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLibrary } from '../../main/packs/index.ts';
import { appVersion, modelsFolder } from './fixture.ts';

const root = resolve(import.meta.dirname, '../..');
const open = () => openLibrary({ folders: [{ path: modelsFolder, trust: 'built-in' }], appVersion });

function packOf(library: Awaited<ReturnType<typeof open>>, ref: string) {
  const found = library.find(ref);
  if (!found.ok) throw new Error(found.fault.message);
  return found.value;
}

describe('the packs that ship', () => {
  it('are all there, and none is refused', async () => {
    const library = await open();
    expect(library.refused()).toEqual([]);
    expect(library.list().map(({ ref, trust }) => [ref, trust])).toEqual([
      ['camera-names@1.0.0', 'built-in'],
      ['camera-triage@1.0.0', 'built-in'],
      ['efficientnet-lite0@1.0.0', 'built-in'],
      ['tensor-demo@1.0.0', 'built-in'],
    ]);
  });

  it.each(['camera-names', 'camera-triage', 'efficientnet-lite0', 'tensor-demo'])(
    '%s: every file is the one that its manifest describes',
    async (id) => {
      const library = await open();
      const pack = packOf(library, id);
      const report = await library.verify(pack);
      expect(report.files.filter(({ fault }) => fault)).toEqual([]);
      expect(report.passed).toBe(true);
      expect(report.files).toHaveLength(pack.manifest.files.length + 1);
      expect(await library.prove(pack)).toEqual({ ok: true, value: undefined });
    },
  );

  it('the image classifier has a label for every value, a card and a golden set', async () => {
    const library = await open();
    const pack = packOf(library, 'efficientnet-lite0');
    const labels = await library.labels(pack);
    expect(labels.ok && labels.value.length).toBe(1000);
    expect(labels.ok && labels.value[967]).toEqual({ index: 967, id: 'n07920052', name: 'espresso' });
    expect(await library.card(pack)).toContain('# EfficientNet-Lite0');
    const golden = await library.golden(pack);
    if (!golden.ok) throw new Error(golden.fault.message);
    expect(golden.value?.cases.map(({ kind }) => kind)).toEqual([
      'tensors',
      ...pack.manifest.samples.map(() => 'picture'),
    ]);
    expect(pack.manifest.samples.slice(0, 4).map(({ title }) => title)).toEqual([
      'A cat',
      'A cup of coffee',
      'A rocket on its pad',
      'A man with a camera',
    ]);
    expect(library.variant(pack, 'auto')).toMatchObject({ ok: true, value: { name: 'fp32' } });
    expect(library.variant(pack, 'int8')).toMatchObject({
      ok: true,
      value: { file: 'efficientnet-lite0-int8.onnx' },
    });
    expect(library.variant(pack, 'fp16')).toMatchObject({
      ok: false,
      fault: { code: 'variant-not-found', params: { available: 'fp32, int8' } },
    });
  });

  it('golden tensors have the bytes that their dimensions ask for', async () => {
    const library = await open();
    const widths: Readonly<Record<string, number>> = { float32: 4, int64: 8 };
    let count = 0;
    for (const pack of library.list()) {
      const golden = await library.golden(pack);
      if (!golden.ok || !golden.value) throw new Error(`${pack.ref} has no golden set`);
      const tensors = golden.value.cases.flatMap((each) =>
        each.kind === 'tensors' ? [...each.inputs, ...each.outputs] : [],
      );
      for (const { type, dims, file } of tensors) {
        count += 1;
        const wanted = dims.reduce((product, dim) => product * dim, widths[type] ?? 0);
        expect(readFileSync(library.fileOf(pack, file)).byteLength, file).toBe(wanted);
      }
    }
    expect(count).toBeGreaterThan(0);
  });

  it.each(['build-camera-names', 'build-efficientnet', 'build-tensor-demo', 'write-schema'])(
    '%s makes what is committed',
    (script) => {
      expect(() =>
        execFileSync(process.execPath, [join(root, 'tools/packs', `${script}.mjs`), '--check'], {
          cwd: root,
        }),
      ).not.toThrow();
    },
  );
});
