import { exportEndings } from '../../../contract/runs/export.ts';
import type { CallInput, CallOutput } from '../../../contract/calls/calls.ts';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import {
  choiceOfShown,
  countOf,
  decimalSeparator,
  firstRows,
  openSource,
  picturesBy,
  writeExport,
} from '../../exports/index.ts';
import type { ExportSource } from '../../exports/index.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';
import { createStoppable } from './stoppable.ts';

const previewRows = 5;

type Asked = CallInput<'exports.count'>;
/** A run as a file where the person says. */
export function exportCalls({ opened, chooser, files }: CallParts) {
  const underWay = createStoppable();
  const progress = new Map<string, CallOutput<'exports.progress'>>();
  const open = async (asked: Asked, signal: AbortSignal): Promise<Outcome<ExportSource>> => {
    const { store } = await opened();
    const choice = await choiceOfShown(store, asked, signal);
    return choice ? openSource(store, asked.run, { choice, signal }) : failed('cancelled');
  };
  return {
    'exports.rows': (asked) =>
      underWay.run(asked.request, async (signal) => {
        const { store } = await opened();
        const choice = await choiceOfShown(store, asked, signal);
        if (!choice) return failed('cancelled');
        const { threshold } = choice;
        return firstRows(store, asked.run, { rows: previewRows, threshold, choice, signal });
      }),
    'exports.count': (asked) =>
      underWay.run(asked.request, async (signal) => {
        const source = await open(asked, signal);
        return source.ok ? ok(countOf(source.value)) : source;
      }),
    'exports.profiles': async () => ok([...(await (await opened()).store.exportProfiles())]),
    'exports.keepProfile': async ({ name, choice: { items: _items, ...choice } }) => {
      const { store } = await opened();
      // Numbers of items are those of one run.
      await store.keepExportProfile({ name: name.trim(), choice });
      return ok([...(await store.exportProfiles())]);
    },
    'exports.write': async ({ format, ...asked }) => {
      const { run, choice, request } = asked;
      const { engine, store } = await opened();
      const stored = await store.exportRun(run);
      if (!stored) return failed('run-not-found', { run });
      const { title, startedAt } = stored;
      const place = await chooser.placeFor(
        `${fileName(title)}-${startedAt.slice(0, 10)}${exportEndings[format]}`,
      );
      if (place === null) return ok(null);
      progress.set(request, { done: 0, items: null });
      const written = await underWay
        .run(request, async (signal) => {
          const source = await open(asked, signal);
          if (!source.ok) return source;
          const items = source.value.total;
          progress.set(request, { done: 0, items });
          return writeExport(source.value, {
            ...choice,
            format,
            out: place.path,
            separator: choice?.separator ?? decimalSeparator(),
            signal,
            onItem: (count) => void progress.set(request, { done: count, items }),
            ...picturesBy(engine, signal),
          });
        })
        .finally(() => progress.delete(request));
      return written.ok
        ? ok({ ref: files.refOf(place.path), name: place.name, report: written.value })
        : written;
    },
    'exports.progress': ({ request }) => Promise.resolve(ok(progress.get(request) ?? null)),
    'exports.stop': ({ request }) => Promise.resolve(ok(underWay.stop(request))),
  } satisfies Partial<Handlers>;
}

/** A title as every file system takes it in a name. */
const fileName = (title: string): string =>
  title
    .replaceAll(/[^\p{L}\p{N}._ -]+/gu, '-')
    .replace(/^[.\s-]+/u, '')
    .slice(0, 60)
    .trim() || 'run';
