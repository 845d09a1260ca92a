import { basename, dirname } from 'node:path';
import { ok } from '../../../contract/faults/faults.ts';
import { mostGroupPhotos, mostGroups } from '../../../contract/runs/similar.ts';
import type { SimilarGroup } from '../../../contract/runs/similar.ts';
import type { Files } from '../files.ts';
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
    'similar.prepare': async () => {
      const { engine } = await opened();
      void engine.prepareSimilar();
      return ok(undefined);
    },
    'similar.groups': async ({ least: lowest }) => {
      const { engine } = await opened();
      const found = await engine.similarGroups({ least: lowest });
      if (!found.ok) return found;
      const { groups, ...compared } = found.value;
      const shown = groups.slice(0, mostGroups).map((group) => groupOf(group, files));
      return ok({ ...compared, total: groups.length, groups: shown });
    },
    'similar.select': async ({ refs }) => {
      const choices: { readonly path: string }[] = [];
      for (const ref of refs) {
        const path = files.path(ref);
        if (!path.ok) return path;
        choices.push({ path: path.value });
      }
      return ok(await files.select(choices));
    },
  } satisfies Partial<Handlers>;
}

function groupOf({ similarity, photos }: SimilarGroup, { refOf }: Pick<Files, 'refOf'>) {
  const folders = new Set(photos.map(({ path }) => dirname(path)));
  const [folder] = folders;
  const times = photos.map(({ writtenAt }) => writtenAt).sort();
  return {
    similarity,
    count: photos.length,
    folder: folders.size === 1 && folder !== undefined ? basename(folder) : null,
    from: times[0] ?? '',
    to: times.at(-1) ?? '',
    photos: photos.slice(0, mostGroupPhotos).map(({ path }) => ({ ref: refOf(path), name: basename(path) })),
  };
}
