import { clockTime } from '../../../contract/pictures/camera.ts';
import type { ExportChoice } from '../../../contract/runs/export.ts';
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
  /** Items with the content of another chosen one, among the chosen or left out. */
  readonly duplicates: number;
  /** Chosen items without a fault and without a time of capture. */
  readonly untimed: number;
  readonly deployments: readonly Deployment[];
  isChosen(seq: number): boolean;
  deploymentOf(seq: number): Deployment;
  /** Of an item whose camera's events were joined. */
  eventOf(seq: number): CameraEvent | null;
  /** Joins the events of the camera of an item, once. */
  joinEventsFor(seq: number): Promise<void>;
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
  const { total, faults, duplicates, untimed, originAt, chosen } = gathered;
  const events = createEvents(
    new Map([...cameras].map(([key, group]) => [deploymentByCamera.get(key)!, group])),
    { items: run.items, gapS: choice.eventGapS ?? 60 },
  );
  const deploymentAt = (seq: number): Deployment => deploymentByOrigin.get(originAt[seq]!)!;
  return {
    total,
    faults,
    duplicates,
    untimed,
    deployments,
    isChosen: (seq) => chosen[seq] === 1,
    deploymentOf: deploymentAt,
    eventOf: events.of,
    joinEventsFor: async (seq) => events.joinFor(deploymentAt(seq)),
    shiftOf: (seq) => parts.get(originAt[seq]!)?.facts.shiftS ?? 0,
  };
}

type Events = {
  of(seq: number): CameraEvent | null;
  /** Joins the events of a camera when the first item of it is asked for: a count of items needs none. */
  joinFor(deployment: Deployment): Promise<void> | undefined;
};

type EventsOptions = { readonly items: number; readonly gapS: number };

function createEvents(
  cameras: ReadonlyMap<Deployment, readonly OutlinePart[]>,
  { items, gapS }: EventsOptions,
): Events {
  const events: CameraEvent[] = [];
  /** By number of the item: its place among the events, from 1 on. */
  const eventAt = new Uint32Array(items);
  const joined = new Map<Deployment, Promise<void>>();
  const join = async (deployment: Deployment): Promise<void> => {
    const parts = cameras.get(deployment) ?? [];
    const count = parts.reduce((sum, { notes }) => sum + notes.seqs.length, 0);
    const frames = { seqs: new Float64Array(count), ms: new Float64Array(count) };
    let from = 0;
    for (const { notes, facts } of parts) {
      frames.seqs.set(notes.seqs, from);
      for (const [at, seconds] of notes.seconds.entries())
        frames.ms[from + at] = (seconds + facts.shiftS) * 1000;
      from += notes.seqs.length;
    }
    await joinEvents(frames, {
      gapS,
      idOf: (startMs) => `${deployment.id}:${clockTime(startMs).replaceAll(/[-:]/gu, '')}`,
      onEvent: (event, seqs) => {
        events.push(event);
        for (const seq of seqs) eventAt[seq] = events.length;
      },
    });
  };
  return {
    of: (seq) => events[eventAt[seq]! - 1] ?? null,
    joinFor(deployment) {
      if (!joined.has(deployment)) joined.set(deployment, join(deployment));
      return joined.get(deployment);
    },
  };
}
