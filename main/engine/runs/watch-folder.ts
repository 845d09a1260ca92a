import { setTimeout as sleep } from 'node:timers/promises';
import type { PredictionRecord } from '../../../contract/runs/prediction.ts';
import type { AnsweredFile, WatchedFile } from '../../store/index.ts';
import { createArrivals } from '../files/index.ts';
import type { Arrival, Arrivals } from '../files/index.ts';
import type { ItemOutcome } from './predict-items.ts';
import { fileSystemOf } from '../../lib/file-system.ts';
import { inputVolumeOf, mayBeDrive } from './input-volume.ts';
import type { LiveRun } from './live-run.ts';
import { atPace } from './pace.ts';
import { isAbsent } from './present-inputs.ts';
import { optionsOf } from './run-options.ts';
import { entryOf } from './run-rows.ts';
import { driveLost } from './waiting.ts';
import { isHaltedBy } from './work-parts.ts';
import type { WorkParts } from './work-parts.ts';

const lookMs = 1_000;
const settleMs = 2_000;
const portion = 500;

type Watched = {
  readonly parts: WorkParts;
  readonly run: LiveRun;
  /** Whether the folder is gone, or another file system is mounted in its place; then the run is halted. */
  readonly isLost: () => Promise<boolean>;
};

/**
 * Answers new files as they settle, until the run is halted. Each poll is consumed on its own, so that no result waits
 * for the next file.
 */
export async function answerArrivals(parts: WorkParts, run: LiveRun): Promise<void> {
  const { store } = parts;
  const [folder = ''] = await store.runInputs(run.id, { from: 0, limit: 1 });
  const fileSystem = await fileSystemOn(parts, run, folder);
  const isLost = async (): Promise<boolean> => {
    if (fileSystem !== null && (await fileSystemOf(folder)) === fileSystem) return false;
    run.haltFor({
      kind: 'pause',
      by: 'drive',
      fault: driveLost({ folder, volume: null, isListed: false }, 0),
    });
    return true;
  };
  if (await isLost()) return;
  const answered = (belows: readonly string[]) => store.answeredFiles(run.id, belows);
  if (run.stored.request?.watch === 'new') await passOver(parts, run, folder);
  const arrivals = createArrivals({ folder, answered, settleMs });
  run.apply({ kind: 'found' });
  while (run.halt === null && !(await isLost())) {
    await answerLook({ parts, run, isLost }, arrivals);
    run.counts.scanned = true;
    run.counts.found = run.done + arrivals.waiting();
    parts.onChange(run.id);
    await sleep(lookMs, undefined, { signal: run.abort.signal }).catch(() => undefined);
  }
}

/** Null where the folder is not there, or another volume than at first is in its place, as where a drive is not mounted yet. */
async function fileSystemOn({ store }: WorkParts, run: LiveRun, folder: string): Promise<bigint | null> {
  const [fileSystem, known] = [await fileSystemOf(folder), await store.inputVolume(run.id, 0)];
  const now = fileSystem === null ? null : await inputVolumeOf(folder);
  // Without an id of the file system, assume that it is the same.
  if (known) return now === null || now.id === known.id ? fileSystem : null;
  if (now) await store.setInputVolume(run.id, { input: 0, ...now });
  return fileSystem;
}

async function answerLook({ parts, run, isLost }: Watched, arrivals: Arrivals): Promise<void> {
  const { request } = run.stored;
  if (!request) return;
  let found = run.done;
  async function* arrived() {
    for await (const arrival of arrivals.look()) {
      if (found === run.done) run.beginAgain();
      found += 1;
      run.counts.found = Math.max(found, run.done);
      parts.onChange(run.id);
      yield arrival;
    }
  }
  const items = parts.items(
    {
      request: { model: request.model, ...optionsOf(request) },
      found: atPace(run, arrived()),
      isGapless: true,
    },
    { signal: run.abort.signal },
  );
  for await (const item of items) {
    if (isHaltedBy(run, item)) break;
    const { outcome, found: arrival } = item;
    if (!outcome.ok && mayBeDrive(outcome.fault)) {
      if (await isLost()) break;
      // The file was moved away between poll and inference.
      if (outcome.fault.code === 'file-not-found' || arrival.below === '') continue;
    }
    await keep({ parts, run }, item);
  }
}

async function keep(
  { parts, run }: Pick<Watched, 'parts' | 'run'>,
  item: ItemOutcome<Arrival>,
): Promise<void> {
  const { outcome, found: arrival } = item;
  const answer = outcome.ok ? outcome.value : null;
  const movedFrom = answer && (await placeBefore({ parts, run }, { arrival, answer }));
  if (movedFrom === null) countOnce(run, arrival.before, answer);
  const place = { input: 0, below: arrival.below };
  const entry = entryOf({ run: run.id, place, name: arrival.below }, item);
  parts.store.addWatchedItem(entry, { progress: run.progress(), file: arrival.file, movedFrom });
  parts.onChange(run.id);
}

/**
 * Where a file was that came under this name and was answered under another, at which there is none any more: its item follows it. Where
 * the other is still there, this is a copy and an item of its own. Names of files that changed otherwise are not asked for: new content
 * has no answer yet.
 */
async function placeBefore(
  { parts, run }: Pick<Watched, 'parts' | 'run'>,
  { arrival, answer }: { readonly arrival: Arrival; readonly answer: Answered },
): Promise<string | null> {
  if (arrival.before !== null || !answer.record.cached || arrival.below === '') return null;
  const { sizeBytes, mtimeNs } = arrival.file;
  const same = await parts.store.sameFiles(run.id, { sizeBytes, mtimeNs, key: answer.key });
  const folder = arrival.path.slice(0, arrival.path.length - arrival.below.length);
  for (const below of same) if (below !== arrival.below && (await isAbsent(folder + below))) return below;
  return null;
}

type Answered = { readonly key: string; readonly record: PredictionRecord };

/** Count as the store does: a retry replaces its item, and unchanged content adds none. */
function countOnce(run: LiveRun, before: AnsweredFile | null, answer: Answered | null): void {
  if (before?.isFault) {
    if (!answer) return;
    run.counts.faults -= 1;
  } else if (before !== null && answer !== null && before.key === answer.key) return;
  run.count(answer !== null, answer?.record.cached === true);
}

/** Notes what is there before the run begins, unless that was done before. */
async function passOver({ store }: WorkParts, run: LiveRun, folder: string): Promise<void> {
  const [areAll] = await store.answeredFiles(run.id, ['']);
  if (areAll) return;
  const arrivals = createArrivals({
    folder,
    answered: async (belows) => belows.map(() => null),
    settleMs: Number.NEGATIVE_INFINITY,
  });
  let files: WatchedFile[] = [];
  for await (const { file } of arrivals.look()) {
    if (run.halt !== null) return;
    files.push(file);
    if (files.length < portion) continue;
    await store.passOverFiles(run.id, { files, areAll: false });
    files = [];
  }
  await store.passOverFiles(run.id, { files, areAll: true });
}
