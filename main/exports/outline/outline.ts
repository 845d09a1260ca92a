import { clockTime } from '../../../contract/camera.ts';
import type { ExportChoice } from '../../../contract/export.ts';
import type { Store } from '../../store/index.ts';
import {
  cameraKey,
  deploymentOf,
  groupedBy,
  partsOf,
  siteKey,
  siteOf,
  withDistinctNames,
} from './deployments.ts';
import type { Deployment, OutlinePart } from './deployments.ts';
import { joinEvents } from './events.ts';
import type { CameraEvent } from './events.ts';
import { emptyGathered, gather } from './gather.ts';
import { walkOutline } from './slices.ts';
import type { OutlinedRun } from './slices.ts';

/** What a writer needs to know about all items of a run before it writes the first. */
export type Outline = {
  /** Items that the choice takes, and how many of them have a fault. */
  readonly total: number;
  readonly faults: number;
  /** Chosen items without a fault and without a time of capture. */
  readonly untimed: number;
  readonly deployments: readonly Deployment[];
  isChosen(seq: number): boolean;
  deploymentOf(seq: number): Deployment;
  eventOf(seq: number): CameraEvent | null;
  shiftOf(seq: number): number;
};

type OutlineOptions = {
  readonly choice: ExportChoice;
  readonly nowMs: number;
  readonly signal?: AbortSignal | undefined;
};

/** One pass over the run without its results; holds a few numbers per item. Null where it was stopped. */
export async function outlineRun(
  store: Store,
  run: OutlinedRun,
  { choice, nowMs, signal }: OutlineOptions,
): Promise<Outline | null> {
  const gathered = emptyGathered(run.items);
  for await (const slice of walkOutline(store, run, { choice, signal })) gather(gathered, slice);
  if (signal?.aborted) return null;
  const [stated, origins] = [await store.runFolders(run.id), await store.outlineOrigins(run.id)];
  const parts = partsOf(gathered.origins, { origins, stated });
  const rules = choice.locations ?? [];
  const sites = new Map(
    [...groupedBy(parts.values(), siteKey)].map(([name, group]) => [
      name,
      siteOf(name, group, { rules, nowMs }),
    ]),
  );
  const cameras = groupedBy(parts.values(), cameraKey);
  const deployments = withDistinctNames(
    [...cameras.values()].map((group) => deploymentOf(group, sites.get(siteKey(group[0]!))!)),
  );
  const deploymentByCamera = new Map([...cameras.keys()].map((key, at) => [key, deployments[at]!]));
  const deploymentByOrigin = new Map(
    [...parts].map(([id, part]) => [id, deploymentByCamera.get(cameraKey(part))!]),
  );
  const { total, faults, untimed, originAt, chosen } = gathered;
  const eventsOf = createEvents(
    new Map([...cameras].map(([key, group]) => [deploymentByCamera.get(key)!, group])),
    choice.eventGapS ?? 60,
  );
  const deploymentAt = (seq: number): Deployment => deploymentByOrigin.get(originAt[seq]!)!;
  return {
    total,
    faults,
    untimed,
    deployments,
    isChosen: (seq) => chosen[seq] === 1,
    deploymentOf: deploymentAt,
    eventOf: (seq) => eventsOf(deploymentAt(seq)).get(seq) ?? null,
    shiftOf: (seq) => parts.get(originAt[seq]!)?.facts.shiftS ?? 0,
  };
}

/** Events are joined when the first item of their camera is asked for: a count of items needs none. */
function createEvents(
  cameras: ReadonlyMap<Deployment, readonly OutlinePart[]>,
  gapS: number,
): (deployment: Deployment) => ReadonlyMap<number, CameraEvent> {
  const joined = new Map<Deployment, ReadonlyMap<number, CameraEvent>>();
  return (deployment) => {
    const known = joined.get(deployment);
    if (known) return known;
    const times = (cameras.get(deployment) ?? []).flatMap(({ notes, facts }) =>
      notes.seqs.map((seq, at) => ({ seq, ms: (notes.seconds[at]! + facts.shiftS) * 1000 })),
    );
    const events = joinEvents(times, {
      gapS,
      idOf: (startMs) => `${deployment.id}:${clockTime(startMs).replaceAll(/[-:]/gu, '')}`,
    });
    joined.set(deployment, events);
    return events;
  };
}
