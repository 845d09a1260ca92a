import { unsureBelowOf } from '../../../contract/model.ts';
import type { RunFilter } from '../../../contract/run.ts';
import type { Opened } from '../open.ts';

/** Which items of a run a list of it in the window would show. */
export type ShownOptions = {
  readonly show?: RunFilter['show'];
  readonly search?: string;
  readonly camera?: string;
  readonly site?: string;
  readonly from?: string;
  readonly to?: string;
};

/** The numbers of these items; undefined where the options ask for none in particular. */
export async function shownItems(
  { store, engine }: Opened,
  { show = 'all', search = '', camera, site, from, to }: ShownOptions,
  run: string,
): Promise<number[] | undefined> {
  const filter = { show, search, camera, site, from, to };
  const isAll =
    show === 'all' && search === '' && [camera, site, from, to].every((each) => each === undefined);
  if (isAll) return undefined;
  const models = await engine.models.list();
  const stored = await store.storedRun(run);
  const model = models.find(({ id, version }) => id === stored?.model && version === stored.version) ?? null;
  await store.flush();
  return [...(await store.runSeqs(run, { ...filter, unsureBelow: unsureBelowOf(model) }))];
}
