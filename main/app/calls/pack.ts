import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { ok } from '../../../contract/faults/faults.ts';
import type { Handlers } from '../ipc.ts';
import { draftOf } from './pack-draft.ts';
import type { CallParts } from './parts.ts';
import { createStoppable } from './stoppable.ts';

/** A bare model file: what the form for it says, what a photo becomes, and the pack itself. */
export function packCalls({ opened, packMaking, chooser, files }: CallParts) {
  const underWay = createStoppable();
  return {
    'pack.look': async ({ ref, form }) => {
      const draft = draftOf(files, ref, form);
      return draft.ok ? (await packMaking()).look(draft.value) : draft;
    },
    'pack.choose': async ({ kind }) => {
      const paths = await chooser.chooseForPack(kind);
      if (paths.length === 0) return ok(null);
      return ok(
        await Promise.all(
          paths.map(async (path) => {
            const entry = await stat(path).catch(() => null);
            return { ref: files.refOf(path), name: basename(path), size: entry?.size ?? 0 };
          }),
        ),
      );
    },
    'pack.prepare': async ({ photo, steps }) => {
      const path = files.path(photo);
      return path.ok ? (await opened()).engine.prepare(path.value, steps) : path;
    },
    'pack.build': async ({ ref, form, golden, request }) => {
      const draft = draftOf(files, ref, form);
      if (!draft.ok) return draft;
      const paths: string[] = [];
      for (const each of golden) {
        const path = files.path(each);
        if (!path.ok) return path;
        paths.push(path.value);
      }
      return underWay.run(request, async (signal) =>
        (await packMaking()).make(draft.value, { golden: paths, signal }),
      );
    },
    'pack.stop': async ({ request }) => ok(underWay.stop(request)),
  } satisfies Partial<Handlers>;
}
