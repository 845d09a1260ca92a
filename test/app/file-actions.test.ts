import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NativeImage } from 'electron';
import { beforeEach, describe, expect, it } from 'vitest';
import { createFileActions } from '../../main/app/file-actions.ts';
import type { FileActions } from '../../main/app/file-actions.ts';
import { Files } from '../../main/app/files.ts';
import { fixture } from '../fakes/engine.ts';
import { newFolder } from '../temp/folder.ts';

let folder: string;
let files: Files;
let actions: FileActions;
let done: string[];
let answer: string;
beforeEach(async () => {
  folder = newFolder('file-actions');
  files = new Files();
  done = [];
  answer = '';
  actions = createFileActions({
    files,
    shell: {
      showItemInFolder: (path) => void done.push(`reveal ${path}`),
      openPath: (path) => {
        done.push(`open ${path}`);
        return Promise.resolve(answer);
      },
    },
    copyText: (text) => Promise.resolve(void done.push(`copy ${text}`)),
    startDrag: ({ file, files: all }) => void done.push(`drag ${all?.join(', ') ?? file}`),
    icon: () => ({}) as NativeImage,
  });
});

async function given(name: string, content: string | Buffer = 'x'): Promise<{ ref: string; path: string }> {
  const path = join(folder, name);
  await writeFile(path, content);
  return { ref: files.refOf(path), path };
}

describe('what a person does with a file from the window', () => {
  it('reaches the system for a file that was given', async () => {
    const { ref, path } = await given('a b.jpg');
    expect(actions.place(ref)).toEqual({ ok: true, value: { path } });
    for (const act of ['reveal', 'open', 'copyPath', 'drag'] as const)
      expect(await actions[act](ref)).toEqual({ ok: true, value: undefined });
    expect(done).toEqual([`reveal ${path}`, `open ${path}`, `copy ${path}`, `drag ${path}`]);
  });

  it('reaches the system for many files at once, those that are there', async () => {
    const paths = ['a.jpg', 'gone.jpg', 'b.jpg'].map((name) => join(folder, name));
    await given('a.jpg');
    await given('b.jpg');
    expect(await actions.dragAll(paths)).toEqual({ ok: true, value: undefined });
    await actions.copyPaths(paths);
    expect(done).toEqual([`drag ${paths[0]}, ${paths[2]}`, `copy ${paths.join('\n')}`]);
    expect(await actions.dragAll([paths[1]!])).toMatchObject({
      ok: false,
      fault: { code: 'file-not-found', params: { file: 'gone.jpg' } },
    });
  });

  it('never reaches it for what was not given, or is gone', async () => {
    const { ref } = await given('a.jpg');
    await rm(join(folder, 'a.jpg'));
    for (const act of ['reveal', 'open', 'drag'] as const) {
      expect(await actions[act]('f0')).toMatchObject({ ok: false, fault: { code: 'file-not-found' } });
      const absent = await actions[act](ref);
      expect(absent).toMatchObject({
        ok: false,
        fault: { code: 'file-not-found', params: { file: 'a.jpg' } },
      });
    }
    expect(await actions.copyPath('f0')).toMatchObject({ ok: false });
    expect(actions.place('f0')).toMatchObject({ ok: false });
    expect(done).toEqual([]);
  });

  it('opens pictures alone, whatever a name or a link promises', async () => {
    const script = await given('run.desktop', '[Desktop Entry]');
    await symlink(script.path, join(folder, 'photo.jpg'));
    const link = files.refOf(join(folder, 'photo.jpg'));
    const bare = await given('bare', '#!/bin/sh');
    const picture = await given('picture', await readFile(fixture('photos/rocket.jpg')));
    for (const ref of [script.ref, link, bare.ref])
      expect(await actions.open(ref)).toMatchObject({ ok: false, fault: { code: 'not-opened' } });
    expect(done).toEqual([]);
    expect(await actions.open(picture.ref)).toMatchObject({ ok: true });
    expect(done).toEqual([`open ${picture.path}`]);
  });

  it('says why the system did not open it, by name', async () => {
    answer = 'no program is set for this kind';
    const { ref } = await given('a.jpg');
    expect(await actions.open(ref)).toMatchObject({
      ok: false,
      fault: { message: 'a.jpg was not opened: no program is set for this kind.' },
    });
  });
});
