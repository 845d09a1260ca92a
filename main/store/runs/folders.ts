import type {
  RunFacets,
  RunFolder,
  RunFolderChange,
  RunFolderState,
} from '../../../contract/runs/run-folders.ts';
import { toStorable } from '../../lib/file-names.ts';
import type { Readable, Writable } from '../database.ts';
import { change, read } from '../declare.ts';
import { runFacets, runFolderStates } from './facets.ts';
import { runOrigins, statedFolders } from './origins.ts';
import { findRun } from './items.ts';

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
  },
  changes: {
    /** False where there is no such run. */
    setRunFolder: change({
      run: (db, run: string, to: RunFolderChange) => setRunFolder(db, run, to),
      otherwise: false,
    }),
  },
};
