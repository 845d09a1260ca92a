import type { Settings, SettingsPatch } from '../../contract/settings.ts';
import { client } from '../state/client.ts';
import { announce } from '../state/notices.ts';
import { tryPage } from '../state/try-page.ts';
import { answerPhotos } from './answer-photos.ts';
import { perform } from './perform.ts';
import { currentRequest } from './try-selection.ts';

export async function changeSettings(patch: SettingsPatch): Promise<void> {
  const before = client.getQueryData<Settings>(['settings']);
  if (before) client.setQueryData(['settings'], { ...before, ...patch });
  const after = await perform('settings.set', patch);
  client.setQueryData(['settings'], after ?? before);
}

/** Chooses the model that answers; photos on screen are answered again with it. */
export async function answerWith(ref: string): Promise<void> {
  await changeSettings({ model: ref });
  await answerShownAgain();
}

/** Answers the photos on screen again where they would be asked in another way now. */
export async function answerShownAgain(): Promise<void> {
  const now = tryPage.get();
  const asked = await currentRequest();
  if (now.kind !== 'photos' || asked === null) return;
  if (now.model === asked.model && now.thorough === asked.thorough) return;
  const files = now.entries.map((entry) => entry.file);
  answerPhotos(files, asked, now.current);
}

/** False where the text did not get onto the clipboard; then the fault is shown. */
export async function copyText(text: string): Promise<boolean> {
  if ((await perform('app.copyText', { text })) === null) return false;
  announce('common.copied');
  return true;
}

export async function clearAnswers(): Promise<void> {
  const stats = await perform('cache.clear', undefined);
  if (stats) client.setQueryData(['cache'], stats);
}

export async function proveProviders(model: string): Promise<void> {
  await perform('doctor.probe', { model });
  await client.invalidateQueries({ queryKey: ['providers'] });
}

export const openDataFolder = (): Promise<unknown> => perform('app.openDataFolder', undefined);
export const verifyModel = (model: string) => perform('models.verify', { model });
export async function runGolden(model: string) {
  const result = await perform('models.golden', { model });
  if (result) await client.invalidateQueries({ queryKey: ['models', model] });
  return result;
}
