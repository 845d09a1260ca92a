import type { Selection } from '../../contract/calls/calls.ts';
import { isModelFile } from './model-file.ts';
import { modelsPage, place } from '../state/navigation.ts';
import { previewFolder, previewImport } from './import-model.ts';
import { takeIntoForm } from './make-files.ts';
import { planRun } from './new-run.ts';
import { trySelection } from './try-selection.ts';

/** What was dropped or opened: a model is shown before it is installed, everything else is answered. */
export async function takeSelection(selection: Selection): Promise<void> {
  const [first] = selection.files;
  const model = selection.files.find((file) => isModelFile(file.name));
  if (model) return previewImport(model.ref);
  const page = modelsPage.get();
  if (place.get() === 'models' && page.kind === 'make' && first) return takeIntoForm(page.ref, selection);
  if (selection.folder !== undefined && !first && (await previewFolder(selection.folder))) return;
  if (place.get() === 'runs') return planRun(selection);
  await trySelection(selection);
}
