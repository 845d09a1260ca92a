import { clockTime } from '../../../contract/pictures/camera.ts';
import { createFolderFacts } from '../../../contract/runs/run-folders.ts';
import type { FolderFacts, RunFacets, RunFolderState } from '../../../contract/runs/run-folders.ts';
import type { Readable } from '../database.ts';
import { modelName, runOrigins, statedFolders } from './origins.ts';
import type { Origin } from './origins.ts';
import type { RunRecord } from './items.ts';

type OriginFacts = { readonly origin: Origin; readonly facts: FolderFacts };

function factsOfOrigins(db: Readable, run: number): OriginFacts[] {
  const factsOf = createFolderFacts(statedFolders(db, run));
  return runOrigins(db, run).map((origin) => ({ origin, facts: factsOf(origin.folder) }));
}

/** What a run's items can be filtered by. */
export function runFacets(db: Readable, run: number): RunFacets {
  const all = factsOfOrigins(db, run);
  const cameras = new Map<string, RunFacets['cameras'][number]>();
  const sites = new Map<string, number>();
  for (const { origin, facts } of all) {
    const { make, model, serial, items } = origin;
    const camera = serial || modelName(origin);
    if (camera !== '') {
      const before = cameras.get(camera);
      const about = { make: make || null, model: model || null, serial: serial || null };
      cameras.set(camera, { camera, ...about, ...before, count: (before?.count ?? 0) + items });
    }
    const site = facts.site ?? origin.site;
    sites.set(site, (sites.get(site) ?? 0) + items);
  }
  return {
    cameras: [...cameras.values()].toSorted((a, b) => b.count - a.count || (a.camera < b.camera ? -1 : 1)),
    sites: [...sites]
      .map(([site, count]) => ({ site, count }))
      .toSorted((a, b) => b.count - a.count || (a.site < b.site ? -1 : 1)),
    ...timesOf(all),
  };
}

/** Folders of a run, and what holds for each of them; the first is the whole run. */
export function runFolderStates(db: Readable, run: RunRecord): RunFolderState[] {
  const stated = statedFolders(db, run.id);
  const factsOf = createFolderFacts(stated);
  const all = factsOfOrigins(db, run.id);
  const folders = new Set([...all.map(({ origin }) => origin.folder), ...stated.map(({ folder }) => folder)]);
  folders.delete('');
  return ['', ...[...folders].toSorted()].map((folder) => {
    const within = all.filter(({ origin }) => folder === '' || `${origin.folder}/`.startsWith(`${folder}/`));
    const { site, place, shiftS } = factsOf(folder);
    const sites = new Set(within.map(({ origin, facts }) => facts.site ?? origin.site));
    const [only = null] = sites.size === 1 ? sites : [];
    const own = stated.find((each) => each.folder === folder);
    return {
      folder,
      site: site ?? only,
      latitude: place?.latitude ?? null,
      longitude: place?.longitude ?? null,
      shiftS,
      count: within.reduce((sum, { origin }) => sum + origin.items, 0),
      ...timesOf(within),
      stated: {
        site: own?.site ?? null,
        latitude: own?.latitude ?? null,
        longitude: own?.longitude ?? null,
        shiftS: own?.shiftS ?? null,
      },
    };
  });
}

/** When the first and the last of these were taken, by clocks that are set right. */
function timesOf(all: readonly OriginFacts[]): Pick<RunFacets, 'firstTaken' | 'lastTaken'> {
  let [first, last] = [Infinity, -Infinity];
  for (const { origin, facts } of all) {
    if (origin.firstTaken !== null) first = Math.min(first, origin.firstTaken + facts.shiftS);
    if (origin.lastTaken !== null) last = Math.max(last, origin.lastTaken + facts.shiftS);
  }
  return {
    firstTaken: first === Infinity ? null : clockTime(first * 1000),
    lastTaken: last === -Infinity ? null : clockTime(last * 1000),
  };
}
