import { ok } from '../../../contract/faults.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

export function fileCalls({ chooser, files, opened }: CallParts) {
  return {
    'files.choose': async ({ kind }) => ok(await chooser.choose(kind)),
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
    'files.reveal': async ({ ref }) => {
      const path = files.path(ref);
      return path.ok ? ok(chooser.reveal(path.value)) : path;
    },
  } satisfies Partial<Handlers>;
}
