import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../contract/faults/faults.ts';
import { faultOf, modelsFolder, openPack, tempFolder, writePack } from './fixture.ts';

const posix = it.skipIf(process.platform === 'win32');

/** What `prove` and `verify` say of a small pack that was changed after it was made. */
async function spoil(change: (folder: string) => void): Promise<Fault> {
  const folder = writePack(tempFolder());
  const { library, pack } = await openPack(folder);
  change(folder);
  const fault = faultOf(await library.prove(pack));
  const report = await library.verify(pack);
  expect(report.passed).toBe(false);
  expect(report.files.map((file) => file.fault)).toContainEqual(fault);
  return fault;
}

function flipByte(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

describe('a pack whose files are not what its manifest says', () => {
  it('a flipped byte in the real model', async () => {
    const folder = join(tempFolder(), 'efficientnet-lite0');
    cpSync(join(modelsFolder, 'efficientnet-lite0'), folder, { recursive: true });
    const { library, pack } = await openPack(folder);
    flipByte(join(folder, 'efficientnet-lite0.onnx'), 9_000_000);
    const fault = faultOf(await library.prove(pack));
    expect(fault).toMatchObject({
      code: 'pack-file-digest',
      params: { file: 'efficientnet-lite0.onnx', pack: 'efficientnet-lite0@1.0.0' },
    });
    expect((await library.verify(pack)).files.filter((file) => file.fault)).toEqual([
      { path: 'efficientnet-lite0.onnx', fault },
    ]);
  });

  it('a missing file', async () => {
    expect(await spoil((folder) => rmSync(join(folder, 'golden/a.f32')))).toMatchObject({
      code: 'pack-file-missing',
      params: { file: 'golden/a.f32' },
    });
  });

  it('a file too many, hidden or not', async () => {
    expect(await spoil((folder) => writeFileSync(join(folder, 'golden/.b'), ''))).toMatchObject({
      code: 'pack-file-extra',
      params: { file: 'golden/.b' },
    });
  });

  it('a file that is too long, and one that is too short', async () => {
    const expected = statSync(join(writePack(tempFolder()), 'model.onnx')).size;
    const long = await spoil((folder) => appendFileSync(join(folder, 'model.onnx'), 'more'));
    expect(long).toMatchObject({
      code: 'pack-file-size',
      params: { file: 'model.onnx', size: expected + 4, expected },
    });
    const short = await spoil((folder) => truncateSync(join(folder, 'model.onnx'), 3));
    expect(short).toMatchObject({ code: 'pack-file-size', params: { size: 3, expected } });
  });

  it('a manifest that was edited after it was read', async () => {
    const fault = await spoil((folder) => appendFileSync(join(folder, 'manifest.json'), ' '));
    expect(fault).toMatchObject({ code: 'pack-file-digest', params: { file: 'manifest.json' } });
  });

  posix('a link in place of a file, though it leads to the same bytes', async () => {
    const fault = await spoil((folder) => {
      const elsewhere = join(tempFolder(), 'model.onnx');
      renameSync(join(folder, 'model.onnx'), elsewhere);
      symlinkSync(elsewhere, join(folder, 'model.onnx'));
    });
    expect(fault).toMatchObject({ code: 'pack-file-link', params: { file: 'model.onnx', what: 'link' } });
  });

  posix('a link in place of a folder', async () => {
    const fault = await spoil((folder) => {
      const elsewhere = join(tempFolder(), 'golden');
      cpSync(join(folder, 'golden'), elsewhere, { recursive: true });
      rmSync(join(folder, 'golden'), { recursive: true });
      symlinkSync(elsewhere, join(folder, 'golden'));
    });
    expect(fault).toMatchObject({ code: 'pack-file-link', params: { file: 'golden', what: 'link' } });
  });

  posix('a FIFO in place of a file does not stop the process', async () => {
    const fault = await spoil((folder) => {
      rmSync(join(folder, 'model.onnx'));
      execFileSync('mkfifo', [join(folder, 'model.onnx')]);
    });
    expect(fault).toMatchObject({ code: 'pack-file-link', params: { what: 'FIFO' } });
  });

  it('a folder in place of a file', async () => {
    const fault = await spoil((folder) => {
      rmSync(join(folder, 'model.onnx'));
      mkdirSync(join(folder, 'model.onnx'));
    });
    expect(fault).toMatchObject({ code: 'pack-file-missing', params: { file: 'model.onnx' } });
  });

  it('labels, golden set and card are only read when they are the files that the manifest describes', async () => {
    const labels = JSON.stringify(['a', 'b'].map((name, index) => ({ index, id: name, name })));
    const folder = writePack(tempFolder(), {
      files: { 'labels.json': labels, 'golden/golden.json': '{"cases":[]}' },
      change: (manifest) => ({ ...manifest, labels: 'labels.json', golden: 'golden/golden.json' }),
    });
    const { library, pack } = await openPack(folder);
    expect(await library.labels(pack)).toMatchObject({ ok: true });
    for (const path of ['labels.json', 'golden/golden.json', 'card.md']) flipByte(join(folder, path), 2);
    expect(faultOf(await library.labels(pack)).code).toBe('pack-file-digest');
    expect(faultOf(await library.golden(pack)).code).toBe('pack-file-digest');
    expect(await library.card(pack)).toBe('');
  });
});

describe('prove', () => {
  it('is remembered while no file changes, and asked again when one does', async () => {
    const folder = writePack(tempFolder(), { files: { 'big.bin': 'x'.repeat(64 * 1024 ** 2) } });
    const { library, pack } = await openPack(folder);
    const [first, second] = [await time(() => library.prove(pack)), await time(() => library.prove(pack))];
    expect(first.value).toEqual({ ok: true, value: undefined });
    expect(second.value).toEqual({ ok: true, value: undefined });
    expect(second.ms).toBeLessThan(first.ms / 2);
    // The same size and the same time of change: another inode state all the same.
    const { atime, mtime } = statSync(join(folder, 'model.onnx'));
    flipByte(join(folder, 'model.onnx'), 0);
    utimesSync(join(folder, 'model.onnx'), atime, mtime);
    expect(faultOf(await library.prove(pack)).code).toBe('pack-file-digest');
    flipByte(join(folder, 'model.onnx'), 0);
    expect(await library.prove(pack)).toEqual({ ok: true, value: undefined });
  });

  it('sees a file that is added after the proof', async () => {
    const folder = writePack(tempFolder());
    const { library, pack } = await openPack(folder);
    expect((await library.prove(pack)).ok).toBe(true);
    writeFileSync(join(folder, 'more.bin'), '');
    expect(faultOf(await library.prove(pack)).code).toBe('pack-file-extra');
  });
});

async function time<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const begun = performance.now();
  const value = await work();
  return { value, ms: performance.now() - begun };
}
