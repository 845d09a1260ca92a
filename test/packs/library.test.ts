import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, isAbsolute, join, relative, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PackPath } from '../../contract/packs/pack-path.ts';
import { compareVersions } from '../../main/packs/versions.ts';
import { openLibrary } from '../../main/packs/index.ts';
import {
  appVersion,
  faultOf,
  manifestDigest,
  openLocal,
  openPack,
  tempFolder,
  writePack,
} from './fixture.ts';

/** `<id>/<version>-<digest12>/` for each version, as an installed pack lies on disk. */
function install(models: string, versions: readonly string[]): void {
  for (const version of versions) {
    const staged = writePack(tempFolder(), { change: (manifest) => ({ ...manifest, version }) });
    writePack(join(models, 'small', `${version}-${manifestDigest(staged).slice(0, 12)}`), {
      change: (manifest) => ({ ...manifest, version }),
    });
  }
}

describe('finding packs', () => {
  it('newest by number, stable, by version, and what there is instead', async () => {
    const models = tempFolder();
    install(models, ['1.9.0', '1.10.0', '2.0.0-rc.1']);
    const library = await openLocal(models);
    const ref = (wanted: string) => {
      const found = library.find(wanted);
      return found.ok ? found.value.ref : found.fault.code;
    };
    expect(ref('small')).toBe('small@2.0.0-rc.1');
    expect(ref('small@stable')).toBe('small@1.10.0');
    expect(ref('small@1.9.0')).toBe('small@1.9.0');
    expect(ref('nothing')).toBe('model-not-found');
    expect(faultOf(library.find('small@3.0.0'))).toMatchObject({
      code: 'version-not-found',
      params: { available: '2.0.0-rc.1, 1.10.0, 1.9.0' },
    });
  });

  it('a broken pack beside a good one does not hide it, and says why when it is asked for', async () => {
    const models = tempFolder();
    writePack(join(models, 'small'));
    writePack(join(models, 'broken'), { change: (manifest) => ({ ...manifest, id: 'broken', files: [] }) });
    mkdirSync(join(models, 'bare'));
    writeFileSync(join(models, 'bare', 'model.ONNX'), '');
    mkdirSync(join(models, 'notes'));
    writeFileSync(join(models, 'loose.onnx'), '');
    const library = await openLocal(models);
    expect(library.list().map(({ ref }) => ref)).toEqual(['small@1.0.0']);
    expect(library.refused().map(({ name, fault }) => [name, fault.code])).toEqual([
      [basename(models), 'pack-file-missing'],
      ['bare', 'pack-file-missing'],
      ['broken', 'pack-manifest-invalid'],
    ]);
    expect(faultOf(library.find('broken')).code).toBe('pack-manifest-invalid');
    expect(faultOf(library.find('broken@1.0.0')).code).toBe('pack-manifest-invalid');
  });

  it('a version folder must be named for the manifest in it', async () => {
    const models = tempFolder();
    writePack(join(models, 'small', '1.0.0-0123456789ab'));
    const library = await openLocal(models);
    expect(library.list()).toEqual([]);
    expect(library.refused()[0]?.fault.message).toContain('0123456789ab');
  });

  it('the same pack twice is one; another of the same name and version is refused', async () => {
    const [one, same, other] = [
      join(tempFolder(), 'small'),
      join(tempFolder(), 'small'),
      join(tempFolder(), 'small'),
    ];
    writePack(one);
    writePack(same);
    writePack(other, { files: { 'model.onnx': 'others' } });
    const library = await openLocal(one, same, other);
    expect(library.list()).toHaveLength(1);
    expect(library.refused()).toMatchObject([{ fault: { code: 'pack-unreadable' } }]);
    expect(library.refused()[0]?.fault.message).toContain(one);
  });

  it('a folder that is absent holds none; scan sees what has come and gone', async () => {
    const models = join(tempFolder(), 'packs');
    const library = await openLibrary({ folders: [{ path: models, trust: 'local' }], appVersion });
    expect([library.list(), library.refused()]).toEqual([[], []]);
    writePack(join(models, 'small'));
    await library.scan();
    expect(library.find('small')).toMatchObject({ ok: true, value: { trust: 'local' } });
    rmSync(join(models, 'small'), { recursive: true });
    await library.scan();
    expect(faultOf(library.find('small')).code).toBe('model-not-found');
  });

  it.skipIf(process.platform === 'win32')('a manifest that is a link is refused', async () => {
    const models = tempFolder();
    const elsewhere = writePack(tempFolder());
    mkdirSync(join(models, 'small'));
    symlinkSync(join(elsewhere, 'manifest.json'), join(models, 'small', 'manifest.json'));
    expect((await openLocal(models)).refused()).toMatchObject([
      { fault: { code: 'pack-file-link', params: { file: 'manifest.json' } } },
    ]);
  });
});

describe('file names', () => {
  it('non-ASCII names and a folder more than 300 characters deep are fine', async () => {
    const deep = join(tempFolder(), 'Vögel und Bäume 鳥'.repeat(6), 'm'.repeat(150), 'n'.repeat(150));
    const { library, pack } = await openPack(
      writePack(deep, {
        files: { 'Größe/猫 🐈.txt': 'miau', [`${'d'.repeat(100)}/${'e'.repeat(130)}`]: '' },
      }),
    );
    expect(deep.length).toBeGreaterThan(300);
    expect((await library.verify(pack)).files.filter(({ fault }) => fault)).toEqual([]);
    expect(library.fileOf(pack, 'Größe/猫 🐈.txt')).toBe(join(pack.folder, 'Größe', '猫 🐈.txt'));
    expect(() => library.fileOf(pack, '../manifest.json')).toThrow('lists no file');
    expect(() => library.fileOf(pack, 'manifest.json')).toThrow('lists no file');
  });

  it('whatever PackPath takes stays inside the folder', () => {
    const step = fc.oneof(
      fc.constantFrom('..', '.', '', '\\', '/', '//', 'C:', '..\\', '%2e%2e', '\u0000', 'a'),
      fc.string({ unit: 'binary', maxLength: 6 }),
    );
    const path = fc
      .tuple(fc.array(step, { minLength: 1, maxLength: 6 }), fc.constantFrom('/', '\\', ''))
      .map(([steps, between]) => steps.join(between));
    const folder = join(sep, 'data', 'packs', 'small');
    const schema = readFileSync(join(import.meta.dirname, '../../docs/manifest.schema.json'), 'utf8');
    const published = new RegExp(JSON.parse(schema).properties.files.items.properties.path.pattern, 'u');
    let taken = 0;
    fc.assert(
      fc.property(path, (candidate) => {
        const isTaken = PackPath.safeParse(candidate).success;
        expect(published.test(candidate), 'the published schema says the same').toBe(isTaken);
        if (!isTaken) return;
        taken += 1;
        const inside = relative(folder, join(folder, candidate));
        expect(inside).not.toBe('');
        expect(inside.split(sep)[0]).not.toBe('..');
        expect(isAbsolute(inside)).toBe(false);
        expect(candidate).not.toMatch(/^[A-Za-z]:|\\|\u0000/u);
      }),
      { numRuns: 5000 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});

describe('compareVersions', () => {
  it('follows the order of semver', () => {
    const ordered = [
      '0.9.9',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
      '1.0.10',
      '1.2.0',
      '99999999999999999999.0.0',
    ];
    expect([...ordered].reverse().sort(compareVersions)).toEqual(ordered);
    expect(compareVersions('1.0.0+one', '1.0.0+two')).toBe(0);
  });
});
