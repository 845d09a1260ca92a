import { firstOf, takesPictures, tasksWith } from '../../contract/tasks/index.ts';
import type { ModelSummary } from '../../contract/model.ts';

/**
 * The version that answers in Try: first which model, then which of its versions. The model is the chosen one, else the first
 * that may answer photos, as the engine has it; a new version, a trial or a fault never changes which model that is.
 */
export function modelInUse(models: readonly ModelSummary[], chosen: string | null): ModelSummary | null {
  const photos = models.filter((model) => takesPictures(model.task) && model.state !== 'refused');
  const exact = photos.find(({ ref }) => ref === chosen);
  if (exact) return exact;
  const id = idOf(photos, chosen);
  return running(photos.filter((model) => model.id === id)) ?? null;
}

/** A model that is not on this computer any more gives way to the first. */
function idOf(photos: readonly ModelSummary[], chosen: string | null): string | undefined {
  const [asked] = chosen?.split('@', 1) ?? [];
  const usual = firstOf(photos, tasksWith('picture'), ({ task }) => task);
  return (photos.find(({ id }) => id === asked) ?? usual)?.id;
}

/** Of one model's versions the one that answers when none is named: the pointer's, also while its first answers are watched. */
export const running = (versions: readonly ModelSummary[]): ModelSummary | undefined =>
  versions.find((model) => model.state === 'active') ??
  versions.find((model) => model.label === 'stable') ??
  versions[0];

export const canAnswer = (model: ModelSummary): boolean =>
  model.state !== 'refused' && model.state !== 'quarantined';

/** An id lets the version that answers now answer; a version that was named stays that version. */
export const nameInUse = (model: ModelSummary, chosen: string | null): string =>
  chosen === model.ref ? model.ref : model.id;

/** All versions of a model that are here, with the one that stands for them. */
export type ModelGroup = { readonly id: string; readonly shown: ModelSummary };
export function grouped(models: readonly ModelSummary[]): readonly ModelGroup[] {
  const ids = [...new Set(models.map((model) => model.id))];
  return ids.flatMap((id) => {
    const shown = running(models.filter((model) => model.id === id));
    return shown ? [{ id, shown }] : [];
  });
}
