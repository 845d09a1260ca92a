import type { Selection } from '../../contract/calls.ts';
import { isModelFile } from '../parts/model-file.ts';
import { previewFolder, previewImport } from './import-model.ts';
import { trySelection } from './try-selection.ts';

/** What was dropped or opened: a model is shown before it is installed, everything else is answered. */
export async function takeSelection(selection: Selection): Promise<void> {
  const [first] = selection.files;
  const model = selection.files.find((file) => isModelFile(file.name));
  if (model) return previewImport(model.ref);
  if (selection.folder !== undefined && !first && (await previewFolder(selection.folder))) return;
  await trySelection(selection);
}
