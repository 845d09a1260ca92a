import { lstat, open, realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import type { NativeImage } from 'electron';
import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { endingOf, isAnyPictureName } from '../../contract/pictures/pictures.ts';
import { detail, reason } from '../../contract/faults/reasons.ts';
import { fsPath, shownName } from '../lib/file-names.ts';
import type { Files } from './files.ts';
import { pictureType } from './picture-type.ts';

/** What the system does with a file for a person; the page names it by a reference that it was given, never by a path. */
export type FileActions = {
  place(ref: string): Outcome<{ readonly path: string }>;
  reveal(ref: string): Promise<Outcome<void>>;
  open(ref: string): Promise<Outcome<void>>;
  copyPath(ref: string): Promise<Outcome<void>>;
  drag(ref: string): Promise<Outcome<void>>;
  copyPaths(paths: readonly string[]): Promise<void>;
  /** Of many files those that are there. */
  dragAll(paths: readonly string[]): Promise<Outcome<void>>;
};
type FileActionParts = {
  readonly files: Pick<Files, 'path'>;
  /** Electron's `shell`, or a test double. */
  readonly shell: { showItemInFolder(path: string): void; openPath(path: string): Promise<string> };
  readonly copyText: (text: string) => Promise<void>;
  readonly startDrag: (item: { file: string; files?: string[]; icon: NativeImage }) => void;
  readonly icon: () => NativeImage;
};

export function createFileActions(parts: FileActionParts): FileActions {
  const { files, shell } = parts;
  return {
    place(ref) {
      const path = files.path(ref);
      return path.ok ? ok({ path: shownName(path.value) }) : path;
    },
    async reveal(ref) {
      const path = await present(files, ref);
      return path.ok ? ok(shell.showItemInFolder(path.value)) : path;
    },
    async open(ref) {
      const path = await present(files, ref);
      if (!path.ok) return path;
      const file = basename(path.value);
      if (!(await isPicture(path.value)))
        return failed('not-opened', { file, reason: reason('opens-pictures-only') });
      const error = await shell.openPath(path.value);
      return error === '' ? ok(undefined) : failed('not-opened', { file, reason: detail(error) });
    },
    async copyPath(ref) {
      const path = files.path(ref);
      return path.ok ? ok(await parts.copyText(shownName(path.value))) : path;
    },
    async drag(ref) {
      const path = await present(files, ref);
      return path.ok ? ok(parts.startDrag({ file: path.value, icon: parts.icon() })) : path;
    },
    copyPaths: (paths) => parts.copyText(paths.map(shownName).join('\n')),
    async dragAll(paths) {
      const looked = await Promise.all(paths.map(presentPath));
      const found = looked.flatMap((path) => (path.ok ? [path.value] : []));
      const [file] = found;
      if (file === undefined) return looked[0]?.ok === false ? looked[0] : ok(undefined);
      return ok(parts.startDrag({ file, files: found, icon: parts.icon() }));
    },
  };
}

async function present(files: Pick<Files, 'path'>, ref: string): Promise<Outcome<string>> {
  const path = files.path(ref);
  return path.ok ? presentPath(path.value) : path;
}

/** A path that is there, and that the system's own functions can be given: they take text, not bytes. */
async function presentPath(path: string): Promise<Outcome<string>> {
  const file = shownName(basename(path));
  if (typeof fsPath(path) !== 'string')
    return failed('not-opened', { file, reason: reason('own-name-not-utf8') });
  const isThere = await lstat(path).then(
    () => true,
    () => false,
  );
  return isThere ? ok(path) : failed('file-not-found', { file });
}

/** The system chooses by the ending what it starts, so the ending decides, also behind a link; without one, the bytes. */
async function isPicture(path: string): Promise<boolean> {
  const target = await realpath(path).catch(() => path);
  if (isAnyPictureName(path)) return isAnyPictureName(target);
  if (endingOf(basename(path)) !== '' || endingOf(basename(target)) !== '') return false;
  const file = await open(target, 'r').catch(() => null);
  if (!file) return false;
  try {
    return (await pictureType(file)) !== null;
  } finally {
    await file.close();
  }
}
