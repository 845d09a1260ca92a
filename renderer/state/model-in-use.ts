import { firstOf, takesPictures, tasksWith } from '../../contract/tasks/index.ts';
import type { ModelSummary } from '../../contract/packs/model.ts';
import { splitRef } from '../../contract/serving/split-ref.ts';

/**
 * The version that answers in Try: first the model, then its version. The model is the chosen one, else the first that
 * can answer photos, in the engine's order; a new version, a trial or a fault never changes the model.
 */
export function modelInUse(models: readonly ModelSummary[], chosen: string | null): ModelSummary | null {
  const photos = models.filter((model) => takesPictures(model.task) && model.state !== 'refused');
  const exact = photos.find(({ ref }) => ref === chosen);
  if (exact) return exact;
  const id = idOf(photos, chosen);
  return running(photos.filter((model) => model.id === id)) ?? null;
}

/** The first model when the chosen one is no longer installed. */
function idOf(photos: readonly ModelSummary[], chosen: string | null): string | undefined {
  const asked = chosen === null ? undefined : splitRef(chosen).id;
  const usual = firstOf(photos, tasksWith('picture'), ({ task }) => task);
  return (photos.find(({ id }) => id === asked) ?? usual)?.id;
}

/** The version of a model that answers when none is named: the pointer's, also during a canary. */
export const running = (versions: readonly ModelSummary[]): ModelSummary | undefined =>
  versions.find((model) => model.state === 'active') ??
  versions.find((model) => model.label === 'stable') ??
  versions[0];

export const canAnswer = (model: ModelSummary): boolean =>
  model.state !== 'refused' && model.state !== 'quarantined';

/** Choosing by id follows the active version; a version chosen by name stays. */
export const nameInUse = (model: ModelSummary, chosen: string | null): string =>
  chosen === model.ref ? model.ref : model.id;

/** The installed versions of a model, and the one that represents them. */
type ModelGroup = { readonly id: string; readonly shown: ModelSummary };
export function grouped(models: readonly ModelSummary[]): readonly ModelGroup[] {
  const ids = [...new Set(models.map((model) => model.id))];
  return ids.flatMap((id) => {
    const shown = running(models.filter((model) => model.id === id));
    return shown ? [{ id, shown }] : [];
  });
}
