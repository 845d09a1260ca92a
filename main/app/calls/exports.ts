import { exportEndings } from '../../../contract/export.ts';
import type { CallInput } from '../../../contract/calls.ts';
import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import { decimalSeparator, openSource, picturesBy, previewOf, writeExport } from '../../exports/index.ts';
import type { ExportSource } from '../../exports/index.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';
import { createStoppable } from './stoppable.ts';

const previewRows = 5;

/** A run as a file where the person says. */
export function exportCalls({ opened, chooser, files }: CallParts) {
  const writing = createStoppable();
  const done = new Map<string, number>();
  const open = async (
    { run, choice, shown }: CallInput<'exports.preview'>,
    signal?: AbortSignal,
  ): Promise<Outcome<ExportSource>> => {
    const { store } = await opened();
    await store.flush();
    const items = shown && [...(await store.runSeqs(run, shown))];
    return openSource(store, run, {
      choice: items ? { ...choice, items } : choice,
      ...(signal && { signal }),
    });
  };
  return {
    'exports.preview': async ({ run, choice, shown }) => {
      const source = await open({ run, choice, shown });
      if (!source.ok) return source;
      return ok(await previewOf(source.value, { rows: previewRows, threshold: choice?.threshold }));
    },
    'exports.profiles': async () => ok([...(await (await opened()).store.exportProfiles())]),
    'exports.keepProfile': async ({ name, choice: { items: _items, ...choice } }) => {
      const { store } = await opened();
      // Numbers of items are those of one run.
      await store.keepExportProfile({ name: name.trim(), choice });
      return ok([...(await store.exportProfiles())]);
    },
    'exports.write': async ({ run, format, choice, shown, request }) => {
      const { engine, store } = await opened();
      const stored = await store.exportRun(run);
      if (!stored) return failed('run-not-found', { run });
      const { title, startedAt } = stored;
      const place = await chooser.placeFor(
        `${fileName(title)}-${startedAt.slice(0, 10)}${exportEndings[format]}`,
      );
      if (place === null) return ok(null);
      const written = await writing
        .run(request, async (signal) => {
          const source = await open({ run, choice, shown }, signal);
          if (!source.ok) return source;
          return writeExport(source.value, {
            ...choice,
            format,
            out: place.path,
            separator: choice?.separator ?? decimalSeparator(),
            signal,
            onItem: (count) => void done.set(request, count),
            ...picturesBy(engine, signal),
          });
        })
        .finally(() => done.delete(request));
      return written.ok
        ? ok({ ref: files.refOf(place.path), name: place.name, report: written.value })
        : written;
    },
    'exports.progress': ({ request }) => Promise.resolve(ok({ done: done.get(request) ?? 0 })),
    'exports.stop': ({ request }) => Promise.resolve(ok(writing.stop(request))),
  } satisfies Partial<Handlers>;
}

/** A title as every file system takes it in a name. */
const fileName = (title: string): string =>
  title
    .replaceAll(/[^\p{L}\p{N}._ -]+/gu, '-')
    .replace(/^[.\s-]+/u, '')
    .slice(0, 60)
    .trim() || 'run';
