import type { Settings } from '../../contract/settings.ts';
import { tasksWith } from '../../contract/tasks/index.ts';
import type { Library } from '../packs/index.ts';

type Parts = {
  readonly library: Library;
  readonly settings: () => Settings;
  /** Writes the choice down. */
  readonly choose: (model: string | null) => Promise<unknown>;
};

/**
 * Keeps the model that answers photos the same one while packs come and go. To be called after every change of the packs: when a
 * second model has come, the one that answered until now is written down as the choice; when the chosen one has left, no choice holds.
 */
export function createModelKeeper({ library, settings, choose }: Parts): () => void {
  /** The one that answers when none is chosen comes first. */
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
  /** Of a pack that cannot be read only its folder is known: `<id>`, or `<id>/<version>-<digest12>`. */
  const isRefused = (id: string): boolean =>
    library.refused().some(({ name }) => name === id || name.startsWith(`${id}/`));
  let before = ids();
  return () => {
    const former = before;
    const now = (before = ids());
    const chosen = settings().model?.split('@', 1)[0] ?? null;
    const [first] = former;
    if (chosen === null && now.length > 1 && first !== undefined && now.includes(first)) void choose(first);
    else if (chosen !== null && former.includes(chosen) && !now.includes(chosen)) {
      // A pack that cannot be read at this moment, such as one on a network drive, has not left: it may be back with the next look.
      if (isRefused(chosen)) before = [...now, chosen];
      else void choose(null);
    }
  };
}
