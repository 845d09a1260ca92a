import { clockMs, clockTime } from '../../../contract/camera.ts';
import type { ExportChoice } from '../../../contract/export.ts';
import type { Store, StoredExportRun, OutlineItem } from '../../store/index.ts';
import { joinEvents } from './events.ts';
import type { CameraEvent } from './events.ts';
import { createFolders } from './folders.ts';
import type { ItemFacts } from './folders.ts';
import { leavePlace, leavesOf, placeOf } from './places.ts';
import type { Leaves, Place } from './places.ts';

/** A site, with its coordinates coarsened or hidden by the rules about places. */
export type Site = { readonly name: string; readonly place: Place | null; readonly leaves: Leaves };
/** One camera at one site: what Camtrap DP calls a deployment. Times as in `CameraEvent`; null where no photo says one. */
export type Deployment = {
  readonly id: string;
  readonly site: Site;
  readonly make: string | null;
  readonly model: string | null;
  readonly serial: string | null;
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  /** A person corrected the clock. */
  readonly isShifted: boolean;
  /** Offset of its clock from UTC, from the photos: `+02:00`. */
  readonly offset: string | null;
  /** Chosen items with a time of capture. */
  readonly timed: number;
};

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

/** Items per query of the store: a few hundred bytes each. */
const pageSize = 5_000;

type Draft = {
  readonly site: string;
  readonly serial: string | null;
  make: string | null;
  model: string | null;
  isShifted: boolean;
  offset: string | null;
  timed: number;
  readonly times: { seq: number; ms: number }[];
};
type SiteDraft = { place: Place | null; lastMs: number | null; readonly labels: Set<string> };

type OutlineOptions = {
  readonly choice: ExportChoice;
  readonly nowMs: number;
  readonly signal?: AbortSignal | undefined;
};

/** One pass over the run without its results; holds a few numbers per item. Null where it was stopped. */
export async function outlineRun(
  store: Store,
  run: Pick<StoredExportRun, 'id' | 'items'>,
  { choice, nowMs, signal }: OutlineOptions,
): Promise<Outline | null> {
  const factsOf = createFolders(await store.runFolders(run.id));
  const isWanted = createFilter(choice);
  const drafts = new Map<string, { readonly at: number; readonly draft: Draft }>();
  const sites = new Map<string, SiteDraft>();
  const deploymentAt = new Int32Array(run.items);
  const shifts = new Int32Array(run.items);
  const chosen = new Uint8Array(run.items);
  let [total, faults, untimed] = [0, 0, 0];
  for (let from = 0; from < run.items; from += pageSize) {
    if (signal?.aborted) return null;
    const page = await store.outlineItems(run.id, { from, to: Math.min(run.items, from + pageSize) });
    for (const item of page) {
      const facts = factsOf(item);
      const { at, draft } = deploymentFor(drafts, item, facts.site);
      deploymentAt[item.seq] = at;
      shifts[item.seq] = facts.shiftS;
      noteItem(item, facts, { draft, site: siteFor(sites, facts.site) });
      if (!isWanted(item)) continue;
      chosen[item.seq] = 1;
      total += 1;
      if (item.isFault) faults += 1;
      else if (item.camera?.takenAt === undefined) untimed += 1;
      else draft.timed += 1;
    }
  }
  const settled = new Map(
    [...sites].map(([name, site]) => [name, settle(name, site, { rules: choice.locations ?? [], nowMs })]),
  );
  const all = withDistinctNames(
    [...drafts.values()].map(({ draft }) => deploymentOf(draft, settled.get(draft.site)!)),
  );
  const events = [...drafts.values()].map(({ draft, at }) =>
    joinEvents(draft.times, {
      gapS: choice.eventGapS ?? 60,
      idOf: (startMs) => `${all[at]!.id}:${clockTime(startMs).replaceAll(/[-:]/gu, '')}`,
    }),
  );
  return {
    total,
    faults,
    untimed,
    deployments: all,
    isChosen: (seq) => chosen[seq] === 1,
    deploymentOf: (seq) => all[deploymentAt[seq]!]!,
    eventOf: (seq) => events[deploymentAt[seq]!]?.get(seq) ?? null,
    shiftOf: (seq) => shifts[seq] ?? 0,
  };
}

function createFilter({ labels, minScore, reviewed, items }: ExportChoice): (item: OutlineItem) => boolean {
  const wanted = labels && new Set(labels.map((label) => label.toLowerCase()));
  const seqs = items && new Set(items);
  const labelsOf = (item: OutlineItem): readonly string[] =>
    item.labels.length === 0 && !item.isFault ? ['empty'] : item.labels;
  return (item) =>
    (!wanted || labelsOf(item).some((label) => wanted.has(label))) &&
    (minScore === undefined || (item.score ?? 0) >= minScore) &&
    (reviewed === undefined || item.isConfirmed === (reviewed === 'yes')) &&
    (!seqs || seqs.has(item.seq));
}

function deploymentFor(
  drafts: Map<string, { readonly at: number; readonly draft: Draft }>,
  { camera }: OutlineItem,
  site: string,
): { readonly at: number; readonly draft: Draft } {
  const serial = camera?.serial ?? null;
  const key = JSON.stringify([site, serial]);
  const known = drafts.get(key);
  if (known) return known;
  const draft: Draft = {
    site,
    serial,
    make: null,
    model: null,
    offset: null,
    isShifted: false,
    timed: 0,
    times: [],
  };
  const made = { at: drafts.size, draft };
  drafts.set(key, made);
  return made;
}

function siteFor(sites: Map<string, SiteDraft>, name: string): SiteDraft {
  const site = sites.get(name) ?? { place: null, lastMs: null, labels: new Set() };
  sites.set(name, site);
  return site;
}

function noteItem(
  { seq, camera, labels }: OutlineItem,
  { place, shiftS }: ItemFacts,
  { draft, site }: { readonly draft: Draft; readonly site: SiteDraft },
): void {
  for (const label of labels) site.labels.add(label);
  site.place ??= place ?? (camera && placeOf(camera));
  draft.make ??= camera?.make ?? null;
  draft.model ??= camera?.model ?? null;
  draft.offset ??= camera?.offset ?? null;
  draft.isShifted ||= shiftS !== 0;
  if (camera?.takenAt === undefined) return;
  const ms = clockMs(camera.takenAt) + shiftS * 1000;
  draft.times.push({ seq, ms });
  site.lastMs = Math.max(site.lastMs ?? ms, ms);
}

function settle(
  name: string,
  { place, lastMs, labels }: SiteDraft,
  { rules, nowMs }: { readonly rules: NonNullable<ExportChoice['locations']>; readonly nowMs: number },
): Site {
  const leaves = leavesOf(rules, { labels, lastMs, nowMs });
  return { name, place: leavePlace(place, leaves), leaves };
}

/** An id made of site and camera may equal the name of another site: the second of two equal ids gets a number. */
function withDistinctNames(deployments: readonly Deployment[]): readonly Deployment[] {
  const counts = new Map<string, number>();
  return deployments.map((each) => {
    const count = (counts.get(each.id) ?? 0) + 1;
    counts.set(each.id, count);
    return count === 1 ? each : { ...each, id: `${each.id} (${count})` };
  });
}

function deploymentOf({ serial, times, ...draft }: Draft, site: Site): Deployment {
  let [firstMs, lastMs] = [Infinity, -Infinity];
  for (const { ms } of times) [firstMs, lastMs] = [Math.min(firstMs, ms), Math.max(lastMs, ms)];
  const { make, model, offset, isShifted, timed } = draft;
  const isTimed = times.length > 0;
  return {
    id: serial === null ? site.name : `${site.name}:${serial}`,
    site,
    make,
    model,
    serial,
    firstMs: isTimed ? firstMs : null,
    lastMs: isTimed ? lastMs : null,
    offset,
    isShifted,
    timed,
  };
}
