import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { LeftOutReason } from '../../../contract/runs/run.ts';
import { walk } from '../../../main/engine/files/walk.ts';
import { farMountsIn, openFileAccess } from '../../../main/engine/files/file-access.ts';
import { bytesOf, fsPath } from '../../../main/lib/file-names.ts';
import { fixture } from '../../fakes/engine.ts';
import { newFolder } from '../../temp/folder.ts';

const place = newFolder();
// A path that is too long for Node is none for rm.
afterAll(() => execFileSync('rm', ['-rf', place]));
let next = 0;
const folder = (): string => {
  const made = path.join(place, String((next += 1)));
  mkdirSync(made);
  return made;
};
const jpeg = fixture('photos/rocket.jpg');
const plant = (into: string, ...names: readonly string[]): void => {
  for (const name of names) {
    mkdirSync(path.dirname(path.join(into, name)), { recursive: true });
    copyFileSync(jpeg, path.join(into, name));
  }
};

/** What a walk meets below the folder: `name` or `name: fault`, and what it leaves out by reason. */
async function counts(root: string) {
  const found: string[] = [];
  const left: Record<LeftOutReason, number> = { other: 0, hidden: 0, system: 0 };
  for await (const one of walk([root], { onLeftOut: (reason) => (left[reason] += 1) }))
    found.push(`${path.relative(root, one.path) || '.'}${one.fault ? `: ${one.fault.code}` : ''}`);
  return { found, left };
}

describe('what a walk finds', () => {
  it('photos by every ending that one has, with the ones that are not read for their fault', async () => {
    const root = folder();
    const names = [
      'a.jpg',
      'b.jfif',
      'c.MPO',
      'd.pjpeg',
      'e.jpe',
      'f.HEIC',
      'g.heif',
      'h.avif',
      'i.NEF',
      'j.cr2',
      'k.dng',
    ];
    plant(root, ...names);
    expect(await counts(root)).toEqual({ found: names, left: { other: 0, hidden: 0, system: 0 } });
  });

  it('files without an ending by their bytes, and files with another ending not at all; all are counted', async () => {
    const root = folder();
    plant(root, 'IMG_0001', 'movie.mov', 'photo.jpg.part');
    writeFileSync(path.join(root, 'README'), 'About these photos');
    writeFileSync(path.join(root, 'empty'), '');
    writeFileSync(path.join(root, 'heic'), Buffer.from('\0\0\0\x18ftypheic\0\0\0\0heicmif1', 'latin1'));
    writeFileSync(path.join(root, 'zip'), Buffer.from('PK\x03\x04rest of an archive', 'latin1'));
    expect(await counts(root)).toEqual({
      found: ['IMG_0001', 'heic'],
      left: { other: 5, hidden: 0, system: 0 },
    });
  });

  it('bins, thumbnails and hidden entries are left out and counted, each folder as one', async () => {
    const root = folder();
    plant(root, '@eaDir/a/t.jpg', '$RECYCLE.BIN/x.jpg', '#recycle/y.jpg', '.Trash-1000/files/z.jpg');
    plant(root, 'System Volume Information/v.jpg', '.hidden/h.jpg', '._IMG.jpg', 'sub/kept.jpg');
    expect(await counts(root)).toEqual({
      found: ['sub/kept.jpg'],
      left: { other: 0, hidden: 2, system: 5 },
    });
    // Whoever names one of them means it.
    expect((await counts(path.join(root, '#recycle'))).found).toEqual(['y.jpg']);
  });

  it('a file that is named itself is found whatever it is called', async () => {
    const root = folder();
    plant(root, 'photo.bin');
    expect((await counts(path.join(root, 'photo.bin'))).found).toEqual(['.']);
  });
});

describe.runIf(process.platform === 'linux')('what a walk cannot look at', () => {
  it('a folder whose path is too long is a fault that names it, and the rest goes on', async () => {
    const root = folder();
    const long = 'n'.repeat(250);
    const deep = (from: string): string => {
      const bottom = path.join(from, ...Array.from({ length: 9 }, () => long));
      mkdirSync(bottom, { recursive: true });
      return bottom;
    };
    plant(root, 'z.jpg');
    const [upper, lower] = [path.join(root, 'u'), path.join(place, 'l')];
    const bottom = deep(upper);
    plant(deep(lower), 'lost.jpg');
    renameSync(lower, path.join(bottom, 'l'));
    const { found } = await counts(root);
    expect(found).toHaveLength(2);
    expect(found[0]).toMatch(/^u\/n+\/.*n: folder-unreadable$/u);
    expect(found[1]).toBe('z.jpg');
  });

  it('names that are not UTF-8 are found, in files, folders and links, and open', async () => {
    const root = folder();
    const name = 'Gr\udcfcn';
    mkdirSync(fsPath(path.join(root, name)));
    copyFileSync(jpeg, fsPath(path.join(root, name, 'Stra\udcdfe.jpg')));
    copyFileSync(jpeg, fsPath(path.join(root, `${name}.jpg`)));
    symlinkSync(bytesOf(name), fsPath(path.join(root, `Z${name}`)));
    plant(root, 'plain.jpg');
    const { found } = await counts(root);
    expect(found).toEqual([
      `${name}/Stra\udcdfe.jpg`,
      `${name}.jpg`,
      `Z${name}/Stra\udcdfe.jpg`,
      'plain.jpg',
    ]);
  });

  it('links: one that leads nowhere is counted, or a fault where its name is a photo; circles end', async () => {
    const root = folder();
    symlinkSync('/nowhere', path.join(root, 'dead'));
    symlinkSync('/nowhere', path.join(root, 'dead.jpg'));
    symlinkSync('self', path.join(root, 'self'));
    symlinkSync('.', path.join(root, 'up'));
    expect(await counts(root)).toEqual({
      found: ['dead.jpg: file-not-found', 'up: folder-loop'],
      left: { other: 2, hidden: 0, system: 0 },
    });
  });
});

describe('drives that do not answer', () => {
  const never = (): Promise<never> => new Promise(() => undefined);
  const farMounts = (): Promise<string[]> => Promise.resolve(['/season/nas']);

  it('a drive whose root does not answer is asked once, outside, and refused from then on', async () => {
    let probes = 0;
    const probe = (_: string, signal: AbortSignal): Promise<void> =>
      new Promise((_resolve, reject) => {
        probes += 1;
        signal.addEventListener('abort', () => reject(new Error('left behind')));
      });
    const look = openFileAccess({ timeoutMs: 50, farMounts, probe });
    const work = (): Promise<string> => Promise.reject(new Error('the dead drive was touched'));
    await expect(look.at('/season/nas/a', work)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    await expect(look.at('/season/nas', work)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect(probes).toBe(1);
    expect(await look.at('/season/nas2', () => Promise.resolve('beside it'))).toBe('beside it');
  });

  it('one that answers is looked at, and one that dies later is bounded by time', async () => {
    const look = openFileAccess({ timeoutMs: 50, farMounts, probe: () => Promise.resolve() });
    expect(await look.at('/season/nas/a', () => Promise.resolve(1))).toBe(1);
    await expect(look.at('/season/nas/b', never)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });

  it('a large folder on a slow drive takes as long as it takes, while names go on coming', async () => {
    const look = openFileAccess({ timeoutMs: 150, farMounts, probe: () => Promise.resolve() });
    const portions = async (goesOn: () => void): Promise<number> => {
      for (let portion = 0; portion < 10; portion += 1) {
        await sleep(50);
        goesOn();
      }
      return 10;
    };
    expect(await look.at('/season/nas/a', portions)).toBe(10);
    const stuck = async (goesOn: () => void): Promise<number> => {
      await portions(goesOn);
      return never();
    };
    await expect(look.at('/season/nas/a', stuck)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });

  it.each(process.platform === 'linux' ? ['plain', 'bytes'] : ['plain'])(
    'the clock of a folder starts anew with its names (%s)',
    async (names) => {
      const root = folder();
      for (let n = 0; n < 600; n += 1) writeFileSync(path.join(root, `${n}.txt`), '');
      if (names === 'bytes') writeFileSync(fsPath(path.join(root, 'Gr\udcfcn.txt')), '');
      let restarts = 0;
      const look = {
        at: <T>(_: string, work: (goesOn: () => void) => Promise<T>): Promise<T> =>
          work(() => void (restarts += 1)),
      };
      const left: LeftOutReason[] = [];
      for await (const one of walk([root], { look, onLeftOut: (reason) => void left.push(reason) }))
        throw new Error(one.path);
      expect(left).toHaveLength(names === 'bytes' ? 601 : 600);
      expect(restarts).toBeGreaterThanOrEqual(600);
    },
  );

  it('knows drives of other computers and programs from the list of mounts', () => {
    const list = [
      '22 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw',
      '90 22 0:50 / /mnt/my\\040nas rw shared:9 - nfs4 server:/x rw',
      '91 22 0:51 / /home/r/.remote rw - fuse.sshfs r@host: rw',
      '92 22 8:3 / /media/card rw - fuseblk /dev/sdc1 rw',
      '',
    ].join('\n');
    expect(farMountsIn(list)).toEqual(['/mnt/my nas', '/home/r/.remote']);
  });
});
