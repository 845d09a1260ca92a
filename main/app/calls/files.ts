import { ok } from '../../../contract/faults/faults.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

export function fileCalls({ chooser, fileActions, files, opened }: CallParts) {
  return {
    'files.choose': ({ kind }) => chooser.choose(kind),
    'files.adopt': ({ paths }) => chooser.adopt(paths),
    'files.paste': () => chooser.paste(),
    'files.samples': async ({ model }) => {
      const { library } = await opened();
      const pack = library.find(model);
      if (!pack.ok) return pack;
      const { samples, title } = pack.value.manifest;
      return ok(
        await files.select(
          samples.map((sample) => ({ path: library.fileOf(pack.value, sample.file), title: sample.title })),
          title,
        ),
      );
    },
    'files.place': ({ ref }) => Promise.resolve(fileActions.place(ref)),
    'files.reveal': ({ ref }) => fileActions.reveal(ref),
    'files.open': ({ ref }) => fileActions.open(ref),
    'files.copyPath': ({ ref }) => fileActions.copyPath(ref),
    'files.drag': ({ ref }) => fileActions.drag(ref),
  } satisfies Partial<Handlers>;
}
