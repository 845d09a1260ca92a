import { shiftClock } from '../../contract/pictures/camera.ts';
import type { ExportChoice } from '../../contract/runs/export.ts';
import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { itemTaskOf } from '../../contract/tasks/index.ts';
import type { Store, StoredExportItem, StoredExportRun } from '../store/index.ts';
import { leaveCamera, outlineRun } from './outline/index.ts';
import type { Outline } from './outline/index.ts';
import type { ExportItem, ExportSource } from './types.ts';

/** Items per query of the store: a result with all of its boxes has a few KB. */
const pageSize = 500;

type SourceOptions = {
  readonly choice?: ExportChoice;
  readonly nowMs?: number;
  readonly signal?: AbortSignal;
};

/**
 * The chosen items of a run, as a snapshot: items that it finishes from now on are not part of it. `nowMs` is the time for
 * rules that delay publishing places. Faults: `run-not-found`, `cancelled`.
 */
export async function openSource(
  store: Store,
  id: string,
  { choice = {}, nowMs = Date.now(), signal }: SourceOptions = {},
): Promise<Outcome<ExportSource>> {
  await store.flush();
  const run = await store.exportRun(id);
  if (!run) return failed('run-not-found', { run: id });
  const outline = await outlineRun(store, run, { choice, nowMs, signal });
  if (!outline) return failed('cancelled');
  const itemsWith = (events: 'events' | 'no-events') => itemsOf(store, run, { outline, events });
  const task = (await store.hasRunAnswers(id)) ? await taskIn(itemsWith('no-events'), signal) : null;
  if (signal?.aborted) return failed('cancelled');
  const { title, model, version, startedAt, items: all } = run;
  const { total, faults, duplicates, untimed, deployments } = outline;
  const about = {
    id,
    title,
    model,
    version,
    startedAt,
    all,
    total,
    faults,
    duplicates,
    untimed,
    deployments,
    choice,
  };
  return ok({ ...about, task, items: () => itemsWith('events') });
}

async function* itemsOf(
  store: Store,
  { id, items }: StoredExportRun,
  { outline, events }: { readonly outline: Outline; readonly events: 'events' | 'no-events' },
): AsyncGenerator<ExportItem> {
  for (let from = 0; from < items; from += pageSize) {
    const to = Math.min(items, from + pageSize);
    if (!hasChosen(outline, { from, to })) continue;
    const page = await store.exportItems(id, { from, to });
    for (const item of page) {
      if (!outline.isChosen(item.seq)) continue;
      if (events === 'events') await outline.joinEventsFor(item.seq);
      yield itemOf(item, outline);
    }
  }
}

function hasChosen({ isChosen }: Outline, { from, to }: { from: number; to: number }): boolean {
  for (let seq = from; seq < to; seq += 1) if (isChosen(seq)) return true;
  return false;
}

/** Applies the rules about places to every item here, so that no format can leak exact coordinates. */
export function itemOf(
  { cached, answer, ...stored }: StoredExportItem,
  outline: Pick<Outline, 'deploymentOf' | 'shiftOf' | 'eventOf'>,
): ExportItem {
  const { seq, path, name, label, score, fault, duplicateOf, confirmed } = stored;
  const deployment = outline.deploymentOf(seq);
  const camera = stored.camera && leaveCamera(stored.camera, deployment.site.leaves);
  const record = answer && { ...answer, camera: camera ?? undefined, input: path, cached };
  const takenAt = camera?.takenAt === undefined ? null : shiftClock(camera.takenAt, outline.shiftOf(seq));
  const event = outline.eventOf(seq);
  return {
    seq,
    path,
    name,
    record,
    label,
    score,
    fault,
    duplicateOf,
    confirmed,
    camera,
    takenAt,
    deployment,
    event,
  };
}

async function taskIn(
  items: AsyncIterable<ExportItem>,
  signal: AbortSignal | undefined,
): Promise<ExportSource['task']> {
  for await (const { record } of items) {
    if (record) return itemTaskOf(record.result.task);
    if (signal?.aborted) break;
  }
  return null;
}
