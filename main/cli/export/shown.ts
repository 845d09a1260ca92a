import { createReadStream } from 'node:fs';
import { readFault } from '../../../contract/faults/disk-faults.ts';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { unsureBelowOf } from '../../../contract/packs/model.ts';
import { namedRun } from '../../../contract/runs/run.ts';
import type { RunFilter } from '../../../contract/runs/run.ts';
import { readList } from '../../lib/text-list.ts';
import type { Opened } from '../open.ts';

/** Which items of a run a list of it in the window would show. */
export type ShownOptions = {
  readonly show?: RunFilter['show'];
  readonly search?: string;
  readonly camera?: string;
  readonly site?: string;
  readonly from?: string;
  readonly to?: string;
  /** A list of photos, or `-` for standard input. */
  readonly photos?: string;
};

/** The numbers of these items; undefined where the options ask for none in particular. Faults: `export-photo-not-in-run`, those of the list. */
export async function shownItems(
  opened: Opened,
  { photos, ...options }: ShownOptions,
  run: string,
): Promise<Outcome<Uint32Array | undefined>> {
  const shown = await shownByList(opened, options, run);
  if (photos === undefined) return ok(shown && Uint32Array.from(shown));
  const files: string[] = [];
  try {
    const list = photos === '-' ? process.stdin : createReadStream(photos);
    for await (const file of readList(list)) files.push(file);
  } catch (error) {
    return { ok: false, fault: readFault(error, photos) };
  }
  const { seqs, missing } = await opened.store.runSeqsOfFiles(run, files);
  if (missing !== null) {
    const stored = await opened.store.storedRun(run);
    return stored
      ? failed('export-photo-not-in-run', { file: missing, ...namedRun(stored) })
      : failed('run-not-found', { run });
  }
  const only = shown && new Set(shown);
  return ok(Uint32Array.from(only ? seqs.filter((seq) => only.has(seq)) : seqs));
}

async function shownByList(
  { store, engine }: Opened,
  { show = 'all', search = '', camera, site, from, to }: Omit<ShownOptions, 'photos'>,
  run: string,
): Promise<readonly number[] | undefined> {
  const filter = { show, search, camera, site, from, to };
  const isAll =
    show === 'all' && search === '' && [camera, site, from, to].every((each) => each === undefined);
  if (isAll) return undefined;
  const models = await engine.models.list();
  const stored = await store.storedRun(run);
  const model = models.find(({ id, version }) => id === stored?.model && version === stored.version) ?? null;
  await store.flush();
  return store.runSeqs(run, { ...filter, unsureBelow: unsureBelowOf(model) });
}
