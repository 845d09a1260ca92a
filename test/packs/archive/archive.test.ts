import { createHash } from 'node:crypto';
import { createWriteStream, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { Manifest } from '../../../contract/packs/manifest.ts';
import { openPackStore, writeOutpack } from '../../../main/packs/index.ts';
import { appVersion, faultOf, modelsFolder, tempFolder, writePack } from '../fixture.ts';

type Entry = {
  readonly name: string;
  readonly content: string | Buffer;
  readonly mode?: number;
  readonly compress?: boolean;
};

/** A ZIP of any entries, as somebody who means harm would make it. Names that yazl refuses are patched in afterwards. */
async function writeZip(file: string, entries: readonly Entry[]): Promise<string> {
  const zip = new ZipFile();
  const patches: (readonly [string, string])[] = [];
  for (const [index, { name, content, mode, compress }] of entries.entries()) {
    const safe = /^[/]|\.\.|\\|^[A-Za-z]:/u.test(name)
      ? `#${index}`.padEnd(Buffer.byteLength(name), '#')
      : name;
    if (safe !== name) patches.push([safe, name]);
    zip.addBuffer(Buffer.from(content), safe, {
      compress: compress ?? false,
      ...(mode !== undefined && { mode }),
    });
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
  let bytes = readFileSync(file).toString('latin1');
  for (const [safe, name] of patches) bytes = bytes.replaceAll(safe, name);
  writeFileSync(file, Buffer.from(bytes, 'latin1'));
  return file;
}

/** Entries of a sound small pack, manifest first. */
function entriesOf(folder: string): Entry[] {
  const manifest = Manifest.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
  return ['manifest.json', ...manifest.files.map(({ path }) => path)].map((name) => ({
    name,
    content: readFileSync(join(folder, name)),
  }));
}

const packStoreIn = (folder: string) => openPackStore({ folder: join(folder, 'packs'), appVersion });
const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

async function refusal(entries: readonly Entry[]): Promise<{ code: string; text: string }> {
  const folder = tempFolder();
  const packStore = packStoreIn(folder);
  const file = await writeZip(join(folder, 'small-1.0.0.outpack'), entries);
  const fault = faultOf(await packStore.stageArchive(file));
  expect(readdirSync(join(folder, 'packs', '.staging'))).toEqual([]);
  return { code: fault.code, text: fault.message };
}

describe('a .outpack', () => {
  it('is the same bytes for the same pack, and unpacks to the same pack', async () => {
    const folder = tempFolder();
    const source = join(modelsFolder, 'tensor-demo');
    const packStore = packStoreIn(folder);
    const [one, other] = [join(folder, 'one.outpack'), join(folder, 'other.outpack')];
    const first = await packStore.writeArchive(source, one);
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Pacific/Apia';
    const second = await packStore.writeArchive(source, other);
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
    expect(first).toEqual(second);
    expect(first.ok && first.value).toMatchObject({ size: statSync(one).size, sha256: sha256(one) });
    const staged = await packStore.stageArchive(one);
    if (!staged.ok) throw new Error(staged.fault.message);
    for (const { path, sha256: expected } of staged.value.manifest.files)
      expect(sha256(join(staged.value.folder, path))).toBe(expected);
    const third = await writeOutpack(staged.value, join(folder, 'third.outpack'));
    expect(third).toEqual(first);
  });

  it('is refused by name for what a pack never holds', async () => {
    const sound = entriesOf(writePack(tempFolder()));
    const extra = (name: string, more: Partial<Entry> = {}) => [...sound, { name, content: 'x', ...more }];
    const rows: readonly (readonly [readonly Entry[], string, string])[] = [
      [extra('other.bin'), 'pack-file-extra', 'other.bin'],
      [extra('../evil'), 'pack-path-outside', '../evil'],
      [extra('/etc/evil'), 'pack-path-outside', '/etc/evil'],
      [extra('C:/evil'), 'pack-path-outside', 'C:/evil'],
      [extra('a\\evil'), 'pack-path-outside', 'a\\evil'],
      [extra('link', { mode: 0o120777 }), 'pack-file-link', 'link'],
      [extra('pipe', { mode: 0o010644 }), 'pack-file-link', 'pipe'],
      [extra('card.md'), 'pack-path-clash', 'card.md'],
      [
        sound.map((each) => ({ ...each, compress: each.name === 'card.md' })),
        'archive-not-stored',
        'card.md',
      ],
      [sound.filter(({ name }) => name !== 'card.md'), 'pack-file-missing', 'card.md'],
      [
        sound.map((each) => (each.name === 'card.md' ? { ...each, content: 'longer than said' } : each)),
        'pack-file-size',
        'card.md',
      ],
      [
        sound.map((each) => (each.name === 'card.md' ? { ...each, content: '# B card\n' } : each)),
        'pack-file-digest',
        'card.md',
      ],
      [[...sound.slice(1), sound[0]!], 'archive-unreadable', 'manifest.json'],
    ];
    for (const [entries, code, named] of rows) {
      const { code: got, text } = await refusal(entries);
      expect([got, text]).toEqual([code, expect.stringContaining(named)]);
    }
  });

  it('is refused when it is cut short, no ZIP, or unpacks to more than it holds', async () => {
    const folder = tempFolder();
    const packStore = packStoreIn(folder);
    const file = join(folder, 'cut.outpack');
    await packStore.writeArchive(join(modelsFolder, 'tensor-demo'), file);
    const whole = readFileSync(file);
    truncateSync(file, whole.byteLength - 200);
    expect(faultOf(await packStore.stageArchive(file)).code).toBe('archive-unreadable');
    writeFileSync(file, 'no ZIP at all');
    expect(faultOf(await packStore.stageArchive(file)).code).toBe('archive-unreadable');
    expect(faultOf(await packStore.stageArchive(join(folder, 'none.outpack'))).code).toBe('file-not-found');

    // Every entry of the directory points at the same, largest content: a bomb of stored entries.
    const bomb = Buffer.from(whole);
    let largest = 0;
    for (let at = bomb.indexOf('PK\u0001\u0002'); at >= 0; at = bomb.indexOf('PK\u0001\u0002', at + 1))
      largest = Math.max(largest, bomb.readUInt32LE(at + 24));
    for (let at = bomb.indexOf('PK\u0001\u0002'); at >= 0; at = bomb.indexOf('PK\u0001\u0002', at + 1)) {
      bomb.writeUInt32LE(largest, at + 20);
      bomb.writeUInt32LE(largest, at + 24);
    }
    writeFileSync(file, bomb);
    expect(faultOf(await packStore.stageArchive(file)).code).toBe('archive-too-large');
  });

  it('stops when it is told to', async () => {
    const folder = tempFolder();
    const packStore = packStoreIn(folder);
    const file = join(folder, 'demo.outpack');
    await packStore.writeArchive(join(modelsFolder, 'tensor-demo'), file);
    expect(faultOf(await packStore.stageArchive(file, { signal: AbortSignal.abort() })).code).toBe(
      'cancelled',
    );
    expect(
      faultOf(
        await packStore.writeArchive(join(modelsFolder, 'tensor-demo'), file, {
          signal: AbortSignal.abort(),
        }),
      ).code,
    ).toBe('cancelled');
  });
});
