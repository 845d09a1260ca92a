import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Selection } from '../../contract/calls/calls.ts';
import { FileRef } from '../../contract/ids.ts';
import { Files } from '../../main/app/files.ts';
import { Recent } from '../../main/app/recent.ts';
import { newFolder } from '../temp/folder.ts';

let folder: string;
beforeEach(async () => {
  folder = newFolder('files');
});

describe('references', () => {
  it('are the same for the same path and lead back to it', () => {
    const files = new Files();
    const ref = files.refOf('/photos/a.jpg');
    expect(FileRef.parse(ref)).toBe(ref);
    expect(files.refOf('/photos/a.jpg')).toBe(ref);
    expect(files.refOf('/photos/b.jpg')).not.toBe(ref);
    expect(files.path(ref)).toEqual({ ok: true, value: '/photos/a.jpg' });
  });

  it('that were never given lead nowhere, and another process gives others', () => {
    const files = new Files();
    const ref = files.refOf('/photos/a.jpg');
    expect(files.path('f0').ok).toBe(false);
    expect(new Files().path(ref).ok).toBe(false);
  });

  it('are bounded: the least recently used goes first', () => {
    const files = new Files(2);
    const [a, b] = [files.refOf('/a'), files.refOf('/b')];
    files.refOf('/a');
    files.refOf('/c');
    expect(files.path(a).ok).toBe(true);
    expect(files.path(b).ok).toBe(false);
  });
});

describe('a selection', () => {
  it('lists files, tells folders apart, and holds no path', async () => {
    await mkdir(join(folder, 'card'));
    await writeFile(join(folder, 'a.jpg'), 'abc');
    const files = new Files();
    const one = Selection.parse(await files.select([{ path: join(folder, 'a.jpg'), title: 'A cat' }]));
    expect(one).toMatchObject({
      title: 'a.jpg',
      many: false,
      files: [{ name: 'a.jpg', size: 3, title: 'A cat' }],
    });
    const walked = await files.select([{ path: join(folder, 'card') }]);
    expect(walked).toMatchObject({ title: 'card', many: true, files: [] });
    expect(JSON.stringify([one, walked])).not.toContain(folder);
    expect(files.chosen(walked.id)).toEqual({
      ok: true,
      value: { title: 'card', paths: [join(folder, 'card')] },
    });
  });

  it('of many files lists sixty and keeps all', async () => {
    const files = new Files();
    const paths = Array.from({ length: 200 }, (_, at) => join(folder, `${at}.jpg`));
    const selection = await files.select(paths.map((path) => ({ path })));
    expect(selection.files).toHaveLength(60);
    expect(selection.many).toBe(true);
    const chosen = files.chosen(selection.id);
    expect(chosen.ok && chosen.value.paths).toEqual(paths);
  });

  it('lists what is not there, so that its fault comes by name', async () => {
    const selection = await new Files().select([{ path: join(folder, 'gone.jpg') }]);
    expect(selection.files).toMatchObject([{ name: 'gone.jpg', size: 0 }]);
  });
});

describe('what is kept by weight', () => {
  it('drops the oldest until it fits', () => {
    const recent = new Recent<string, number>(10);
    recent.set('a', 1, 4);
    recent.set('b', 2, 4);
    recent.get('a');
    recent.set('c', 3, 4);
    expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([1, undefined, 3]);
    recent.set('a', 9, 10);
    expect([recent.get('a'), recent.get('c')]).toEqual([9, undefined]);
    recent.set('huge', 5, 11);
    expect(recent.get('huge')).toBeUndefined();
  });
});
