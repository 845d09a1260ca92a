import { basename } from 'node:path';
import { dialog } from 'electron';
import type { BrowserWindow, OpenDialogOptions } from 'electron';
import type { PackChoice } from '../../contract/calls/pack.ts';

/** Files of the lifecycle that a person chooses: what to install, whom to trust, where to put an export. */
export type ImportChooser = {
  /** Null when nothing was chosen. */
  chooseImport(kind: 'file' | 'folder'): Promise<string | null>;
  /** Several, or none. */
  chooseForPack(kind: PackChoice): Promise<readonly string[]>;
  chooseRoot(): Promise<string | null>;
  placeFor(name: string): Promise<{ readonly path: string; readonly name: string } | null>;
};

const anyFile = { name: 'All files', extensions: ['*'] };
const dialogs: Readonly<Record<'file' | 'folder' | 'root' | PackChoice, OpenDialogOptions>> = {
  file: {
    properties: ['openFile'],
    filters: [{ name: 'Models', extensions: ['outpack', 'outpost', 'onnx'] }, anyFile],
  },
  folder: { properties: ['openDirectory'] },
  labels: {
    properties: ['openFile'],
    filters: [{ name: 'Labels', extensions: ['txt', 'json', 'tsv', 'names'] }, anyFile],
  },
  steps: { properties: ['openFile'], filters: [{ name: 'JSON', extensions: ['json'] }] },
  variant: {
    properties: ['openFile', 'multiSelections'],
    filters: [{ name: 'ONNX', extensions: ['onnx'] }],
  },
  card: {
    properties: ['openFile'],
    filters: [{ name: 'Markdown', extensions: ['md', 'markdown', 'txt'] }, anyFile],
  },
  evaluation: { properties: ['openFile'], filters: [{ name: 'JSON', extensions: ['json'] }] },
  'licence-file': { properties: ['openFile'], filters: [anyFile] },
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
