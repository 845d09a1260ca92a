import type { ExportChoice } from '../../../contract/runs/export.ts';
import type { RunFolder } from '../../../contract/runs/run-folders.ts';
import type { OutlineOrigin } from '../../store/index.ts';
import { createFolders } from './folders.ts';
import type { ItemFacts } from './folders.ts';
import type { OriginNotes } from './gather.ts';
import { leavePlace, leavesOf, placeOf } from './places.ts';
import type { Leaves, Place } from './places.ts';

/** A site, with its coordinates coarsened or hidden by the rules about places. */
export type Site = { readonly name: string; readonly place: Place | null; readonly leaves: Leaves };
/**
 * One camera at one site: what Camtrap DP calls a deployment. Times in milliseconds of the corrected camera clock, read as
 * if it were UTC; null where no photo says one.
 */
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

/** An origin with what is known of it and of its folder. */
export type OutlinePart = {
  readonly origin: Pick<OutlineOrigin, 'make' | 'model' | 'serial'>;
  readonly facts: ItemFacts;
  readonly notes: OriginNotes;
};

/** Of the items of an origin that the store does not know any more. */
const unknownOrigin = { folder: '', site: '', make: '', model: '', serial: '' };

/** Origins of a walk, in the order in which they appear in it. */
export function partsOf(
  noted: ReadonlyMap<number, OriginNotes>,
  { origins, stated }: { readonly origins: readonly OutlineOrigin[]; readonly stated: readonly RunFolder[] },
): ReadonlyMap<number, OutlinePart> {
  const factsOf = createFolders(stated);
  const byId = new Map(origins.map((origin) => [origin.id, origin]));
  return new Map(
    [...noted].map(([id, notes]) => {
      const origin = byId.get(id) ?? unknownOrigin;
      return [id, { origin, facts: factsOf(origin), notes }];
    }),
  );
}

/** Parts of one camera at one site, by that; and those of one site, by its name. */
export const cameraKey = ({ origin, facts }: OutlinePart): string =>
  JSON.stringify([facts.site, origin.serial]);
export const siteKey = ({ facts }: OutlinePart): string => facts.site;

export function groupedBy(
  parts: Iterable<OutlinePart>,
  keyOf: (part: OutlinePart) => string,
): ReadonlyMap<string, readonly OutlinePart[]> {
  const groups = new Map<string, OutlinePart[]>();
  for (const part of parts) {
    const group = groups.get(keyOf(part));
    if (group) group.push(part);
    else groups.set(keyOf(part), [part]);
  }
  return groups;
}

type Rules = { readonly rules: NonNullable<ExportChoice['locations']>; readonly nowMs: number };

export function siteOf(name: string, parts: readonly OutlinePart[], { rules, nowMs }: Rules): Site {
  const labels = new Set(parts.flatMap(({ notes }) => [...notes.labels]));
  const { lastMs } = timesOf(parts);
  const leaves = leavesOf(rules, { labels, lastMs, nowMs });
  return { name, place: leavePlace(firstPlace(parts), leaves), leaves };
}

/** That of the first photo of which it is known, because a person said it of the folder or the photo itself does. */
function firstPlace(parts: readonly OutlinePart[]): Place | null {
  const known = parts.flatMap(({ facts, notes }) => {
    if (facts.place) return [{ seq: notes.firstSeq, place: facts.place }];
    const place = notes.place && placeOf(notes.place);
    return place ? [{ seq: notes.place?.seq ?? 0, place }] : [];
  });
  return known.toSorted((a, b) => a.seq - b.seq)[0]?.place ?? null;
}

export function deploymentOf(parts: readonly OutlinePart[], site: Site): Deployment {
  const serial = parts[0]?.origin.serial || null;
  const offsets = parts.flatMap(({ notes }) => notes.offset ?? []).toSorted((a, b) => a.seq - b.seq);
  return {
    id: serial === null ? site.name : `${site.name}:${serial}`,
    site,
    make: parts.find(({ origin }) => origin.make !== '')?.origin.make ?? null,
    model: parts.find(({ origin }) => origin.model !== '')?.origin.model ?? null,
    serial,
    ...timesOf(parts),
    isShifted: parts.some(({ facts }) => facts.shiftS !== 0),
    offset: offsets[0]?.offset ?? null,
    timed: parts.reduce((sum, { notes }) => sum + notes.timed, 0),
  };
}

function timesOf(parts: readonly OutlinePart[]): Pick<Deployment, 'firstMs' | 'lastMs'> {
  let [first, last] = [Infinity, -Infinity];
  for (const { notes, facts } of parts)
    for (const seconds of notes.seconds) {
      first = Math.min(first, seconds + facts.shiftS);
      last = Math.max(last, seconds + facts.shiftS);
    }
  return first === Infinity
    ? { firstMs: null, lastMs: null }
    : { firstMs: first * 1000, lastMs: last * 1000 };
}

/** An id made of site and camera may equal the name of another site: the second of two equal ids gets a number. */
export function withDistinctNames(deployments: readonly Deployment[]): readonly Deployment[] {
  const counts = new Map<string, number>();
  return deployments.map((each) => {
    const count = (counts.get(each.id) ?? 0) + 1;
    counts.set(each.id, count);
    return count === 1 ? each : { ...each, id: `${each.id} (${count})` };
  });
}
