import { basename } from 'node:path';
import { dialog } from 'electron';
import type { BrowserWindow, OpenDialogOptions } from 'electron';

/** Files of the lifecycle that a person chooses: what to install, whom to trust, where to put an export. */
export type ImportChooser = {
  /** Null when nothing was chosen. */
  chooseImport(kind: 'file' | 'folder'): Promise<string | null>;
  /** Several, or none. */
  chooseForPack(kind: 'labels' | 'inputs'): Promise<readonly string[]>;
  chooseRoot(): Promise<string | null>;
  placeFor(name: string): Promise<{ readonly path: string; readonly name: string } | null>;
};

const dialogs: Readonly<Record<'file' | 'folder' | 'root' | 'labels' | 'inputs', OpenDialogOptions>> = {
  file: {
    properties: ['openFile'],
    filters: [
      { name: 'Models', extensions: ['outpack', 'outpost', 'onnx'] },
      { name: 'All files', extensions: ['*'] },
    ],
  },
  folder: { properties: ['openDirectory'] },
  labels: {
    properties: ['openFile'],
    filters: [
      { name: 'Labels', extensions: ['txt', 'json', 'tsv', 'names'] },
      { name: 'All files', extensions: ['*'] },
    ],
  },
  inputs: {
    properties: ['openFile', 'multiSelections'],
    filters: [{ name: 'NumPy', extensions: ['npy'] }],
  },
  root: { properties: ['openFile'], filters: [{ name: 'root.json', extensions: ['json'] }] },
};

export function createImportChooser(window: () => BrowserWindow | null): ImportChooser {
  const chooseAll = async (options: OpenDialogOptions): Promise<readonly string[]> => {
    const parent = window();
    const { filePaths } = await (parent
      ? dialog.showOpenDialog(parent, options)
      : dialog.showOpenDialog(options));
    return filePaths;
  };
  const choose = async (options: OpenDialogOptions): Promise<string | null> =>
    (await chooseAll(options))[0] ?? null;
  return {
    chooseImport: (kind) => choose(dialogs[kind]),
    chooseForPack: (kind) => chooseAll(dialogs[kind]),
    chooseRoot: () => choose(dialogs.root),
    placeFor: async (name) => {
      const parent = window();
      const options = { defaultPath: name };
      const { canceled, filePath } = await (parent
        ? dialog.showSaveDialog(parent, options)
        : dialog.showSaveDialog(options));
      return canceled || !filePath ? null : { path: filePath, name: basename(filePath) };
    },
  };
}
