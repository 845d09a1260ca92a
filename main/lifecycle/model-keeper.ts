import type { Settings } from '../../contract/settings.ts';
import { tasksWith } from '../../contract/tasks/index.ts';
import type { Library } from '../packs/index.ts';
import { splitRef } from '../../contract/serving/split-ref.ts';

type Parts = {
  readonly library: Library;
  readonly settings: () => Settings;
  /** Saves the choice of the model. */
  readonly choose: (model: string | null) => Promise<unknown>;
};

/**
 * Keeps the model that answers photos the same while packs are added and removed. Call it after every change of the
 * packs: when a second model is added, the one used so far is saved as the choice; when the chosen one is removed, the
 * choice is cleared.
 */
export function createModelKeeper({ library, settings, choose }: Parts): () => void {
  /** The ids of the models for photos; first the one that answers when none is chosen. */
  const ids = (): readonly string[] => {
    const packs = library.list().map(({ manifest }) => manifest);
    return [
      ...new Set(
        tasksWith('picture').flatMap(({ id }) =>
          packs.flatMap((pack) => (pack.task === id ? [pack.id] : [])),
        ),
      ),
    ];
  };
  /** A pack that could not be read is known by its folder only: `<id>`, or `<id>/<version>-<digest12>`. */
  const isRefused = (id: string): boolean =>
    library.refused().some(({ name }) => name === id || name.startsWith(`${id}/`));
  let before = ids();
  return () => {
    const former = before;
    const now = (before = ids());
    const { model } = settings();
    const chosen = model === null ? null : splitRef(model).id;
    const [first] = former;
    if (chosen === null && now.length > 1 && first !== undefined && now.includes(first)) void choose(first);
    else if (chosen !== null && former.includes(chosen) && !now.includes(chosen)) {
      // A pack that cannot be read just now, for example on a network drive, was not removed and may be readable at the
      // next scan.
      if (isRefused(chosen)) before = [...now, chosen];
      else void choose(null);
    }
  };
}
