import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { dialog } from 'electron';
import type { BrowserWindow, OpenDialogOptions } from 'electron';
import { isDiskFull } from '../../contract/faults/disk-faults.ts';
import { failed, ok } from '../../contract/faults/faults.ts';
import { pictureExtensions } from '../../contract/pictures/pictures.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { localTime } from '../../contract/local-time.ts';
import { detail, reason, reasonAt } from '../../contract/faults/reasons.ts';
import type { Selection } from '../../contract/calls/calls.ts';
import { hasCode, messageOf } from '../lib/error-text.ts';
import { readList } from '../lib/text-list.ts';
import { copiedFiles, copiedPicture } from './clipboard.ts';
import type { Files } from './files.ts';
import { makeFolders } from '../lib/make-folders.ts';

/** `list`: a text file that names the others, one a line. */
type ChoiceKind = 'photos' | 'folder' | 'list';
/** The ways in which a person hands over files. */
export type Chooser = {
  /** Null when nothing was chosen. */
  choose(kind: ChoiceKind): Promise<Outcome<Selection | null>>;
  adopt(paths: readonly string[]): Promise<Outcome<Selection>>;
  /** Null when there is neither a picture nor a file on the clipboard. */
  paste(): Promise<Outcome<Selection | null>>;
};
type ChooserParts = {
  readonly files: Files;
  readonly window: () => BrowserWindow | null;
  readonly pastedFolder: string;
  /** A person chose or dropped these. */
  readonly onOpened: (paths: readonly string[]) => void;
};

const dialogs: Readonly<Record<ChoiceKind, OpenDialogOptions>> = {
  photos: {
    properties: ['openFile', 'multiSelections'],
    filters: [
      {
        name: 'Photos',
        extensions: [...pictureExtensions, ...pictureExtensions.map((extension) => extension.toUpperCase())],
      },
      { name: 'All files', extensions: ['*'] },
    ],
  },
  folder: { properties: ['openDirectory', 'multiSelections'] },
  list: {
    properties: ['openFile'],
    filters: [
      { name: 'Lists', extensions: ['txt', 'csv', 'lst', 'list'] },
      { name: 'All files', extensions: ['*'] },
    ],
  },
};

export function createChooser({ files, window, pastedFolder, onOpened }: ChooserParts): Chooser {
  const select = (paths: readonly string[]): Promise<Selection> => {
    onOpened(paths);
    return files.select(paths.map((path) => ({ path })));
  };
  return {
    async choose(kind) {
      const parent = window();
      const options = dialogs[kind];
      const { canceled, filePaths } = await (parent
        ? dialog.showOpenDialog(parent, options)
        : dialog.showOpenDialog(options));
      const [first] = filePaths;
      if (canceled || first === undefined) return ok(null);
      return kind === 'list' ? selectListed(first, files) : ok(await select(filePaths));
    },
    async adopt(paths) {
      const wrong = paths.find((path) => !isAbsolute(path) || path.includes('\0'));
      if (wrong !== undefined)
        return failed('request-invalid', {
          call: 'files.adopt',
          field: 'paths',
          reason: reasonAt('paths', reason('no-absolute-path')),
        });
      return ok(await select(paths));
    },
    async paste() {
      const paths = await copiedFiles();
      if (paths.length > 0) return ok(await select(paths));
      const png = await copiedPicture();
      return png ? savePasted(png, pastedFolder, files) : ok(null);
    },
  };
}

/** Resolves the paths of a list; relative ones against the list's folder. */
async function selectListed(list: string, files: Files): Promise<Outcome<Selection>> {
  try {
    const paths = await readPaths(list);
    if (paths.length === 0) return failed('list-empty', { file: list });
    return ok(
      await files.select(
        paths.map((path) => ({ path })),
        basename(list),
      ),
    );
  } catch (error) {
    return failed('file-unreadable', { file: list, reason: detail(messageOf(error)) });
  }
}

async function readPaths(list: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const path of readList(createReadStream(list))) paths.push(resolve(dirname(list), path));
  return paths;
}

async function savePasted(png: Uint8Array, folder: string, files: Files): Promise<Outcome<Selection>> {
  const now = new Date();
  for (let turn = 1; ; turn += 1) {
    const path = join(folder, pastedName(now, turn));
    try {
      await makeFolders(folder, { mode: 0o700 });
      await writeFile(path, png, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if (hasCode(error, 'EEXIST') && turn < 100) continue;
      return failed(isDiskFull(error) ? 'disk-full' : 'store-read-only', { file: path });
    }
    return ok(await files.select([{ path, pastedAt: now.toISOString() }]));
  }
}

/** `Pasted 2026-11-28 14.05.12.png` by the clock on the wall: a person finds it again in its folder. */
function pastedName(at: Date, turn: number): string {
  const { day, clock } = localTime(at);
  return `Pasted ${day} ${clock.join('.')}${turn === 1 ? '' : ` (${turn})`}.png`;
}
