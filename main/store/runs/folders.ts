import type { Camera } from '../../../contract/camera.ts';
import type { RunFacets, RunFolder, RunFolderChange, RunFolderState } from '../../../contract/run-folders.ts';
import { fromStorable, toStorable } from '../../lib/file-names.ts';
import type { Readable, Writable } from '../database.ts';
import { change, read } from '../declare.ts';
import { runFacets, runFolderStates } from './facets.ts';
import { folderOf, runOrigins, statedFolders } from './origins.ts';
import { findRun } from './items.ts';

/** An item of a run in a few words: what sites, events and rules about places are made of. */
export type OutlineItem = {
  readonly seq: number;
  readonly name: string;
  /** The folder that it lies in, below what was given. */
  readonly folder: string;
  /** As the folders call it. */
  readonly site: string;
  /** In lower case: all labels that were found, and what a person said. */
  readonly labels: readonly string[];
  /** Of the first label. */
  readonly score: number | null;
  readonly isFault: boolean;
  readonly isConfirmed: boolean;
  readonly camera: Camera | null;
};

type OutlineRow = {
  readonly seq: number;
  readonly name: string;
  readonly site: string | null;
  readonly search: string;
  readonly score: number | null;
  readonly isFault: number;
  readonly camera: string | null;
  readonly confirmed: string | null;
};

const outlineSql = `
  SELECT i.seq, i.name, o.site, i.search, i.score, i.fault IS NOT NULL AS isFault, i.camera, c.label AS confirmed
  FROM run_items i
  LEFT JOIN run_origins o ON o.id = i.origin
  LEFT JOIN answers a ON a.key = i.key
  LEFT JOIN confirmations c ON c.digest = a.input AND c.model = a.model
  WHERE i.run = (SELECT id FROM runs WHERE name = ?) AND i.seq >= ? AND i.seq < ? ORDER BY i.seq`;

function outlineItems(db: Readable, run: string, span: { from: number; to: number }): OutlineItem[] {
  return db
    .all<OutlineRow>(outlineSql, run, span.from, span.to)
    .map(({ seq, name, site, search, score, isFault, camera, confirmed }) => ({
      seq,
      score,
      isFault: isFault === 1,
      isConfirmed: confirmed !== null,
      name: fromStorable(name),
      folder: folderOf(fromStorable(name)),
      site: fromStorable(site ?? ''),
      // The text that is searched: the name, and a line for each label.
      labels: [
        ...search.slice(name.toLowerCase().length + 1).split('\n'),
        ...(confirmed === null ? [] : [confirmed.toLowerCase()]),
      ].filter((label) => label !== ''),
      camera: camera === null ? null : (JSON.parse(camera) as Camera),
    }));
}

const runFolders = (db: Readable, name: string): RunFolder[] => {
  const run = findRun(db, name);
  return run ? statedFolders(db, run.id) : [];
};

/** Whether photos of a run lie in a folder, or below it. */
function hasRunFolder(db: Readable, name: string, folder: string): boolean {
  const run = findRun(db, name);
  return (
    run !== undefined && runOrigins(db, run.id).some((each) => `${each.folder}/`.startsWith(`${folder}/`))
  );
}

function setRunFolder(db: Writable, run: string, { folder, ...to }: RunFolderChange): boolean {
  const id = db.get<{ id: number }>('SELECT id FROM runs WHERE name = ? AND removed_by IS NULL', run)?.id;
  if (id === undefined) return false;
  const before = runFolders(db, run).find((each) => each.folder === folder);
  const next = { site: null, latitude: null, longitude: null, shiftS: null, ...before };
  const { site = next.site, latitude = next.latitude, longitude = next.longitude, shiftS = next.shiftS } = to;
  db.run('DELETE FROM run_folders WHERE run = ? AND folder = ?', id, toStorable(folder));
  if (site !== null || latitude !== null || shiftS !== null)
    db.run(
      'INSERT INTO run_folders (run, folder, site, latitude, longitude, shift_s) VALUES (?, ?, ?, ?, ?, ?)',
      id,
      toStorable(folder),
      site,
      latitude,
      longitude,
      shiftS,
    );
  return true;
}

export const runFolderQueries = {
  reads: {
    /** What a person said of the folders of a run; the empty one stands for all of it. */
    runFolders: read({
      on: 'writer',
      run: ({ db }, run: string): readonly RunFolder[] => runFolders(db, run),
      otherwise: [],
    }),
    hasRunFolder: read({
      on: 'writer',
      run: ({ db }, run: string, folder: string): boolean => hasRunFolder(db, run, folder),
      otherwise: false,
    }),
    /** Cameras, sites and times of a run; null where there is none of this name. */
    runFacets: read({
      on: 'reader',
      run: ({ db }, name: string): RunFacets | null => {
        const run = findRun(db, name);
        return run ? runFacets(db, run.id) : null;
      },
      otherwise: null,
    }),
    /** Folders of a run, and what holds for them. */
    runFolderStates: read({
      on: 'writer',
      run: ({ db }, name: string): readonly RunFolderState[] => {
        const run = findRun(db, name);
        return run ? runFolderStates(db, run) : [];
      },
      otherwise: [],
    }),
    /** Items `from` to before `to` in the order of the walk. */
    outlineItems: read({
      on: 'reader',
      run: ({ db }, run: string, span: { from: number; to: number }): readonly OutlineItem[] =>
        outlineItems(db, run, span),
      otherwise: [],
    }),
  },
  changes: {
    /** False where there is no such run. */
    setRunFolder: change({
      run: (db, run: string, to: RunFolderChange) => setRunFolder(db, run, to),
      otherwise: false,
    }),
  },
};
