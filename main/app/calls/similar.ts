import { basename, dirname } from 'node:path';
import { ok } from '../../../contract/faults.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

/** As many as a selection lists. */
const mostShown = 60;
/** Pictures of different things come to less than this, as a rule. */
const least = 0.3;

export function similarCalls({ opened, files }: CallParts) {
  return {
    'similar.find': async ({ ref }) => {
      const path = files.path(ref);
      if (!path.ok) return path;
      const { engine } = await opened();
      const name = basename(path.value);
      const found = await engine.similar({ source: { path: path.value }, name, limit: mostShown, least });
      if (!found.ok) return found;
      const { photos, ...compared } = found.value;
      const selection = await files.select(
        photos.map((photo) => ({ path: photo.path })),
        name,
      );
      const listed = new Set(selection.files.map((file) => file.ref));
      const shown = photos.map(({ path: place, similarity, label, copies }) => ({
        ref: files.refOf(place),
        folder: basename(dirname(place)),
        similarity,
        label,
        copies: copies.length,
      }));
      return ok({ ...compared, selection, photos: shown.filter((photo) => listed.has(photo.ref)) });
    },
  } satisfies Partial<Handlers>;
}
