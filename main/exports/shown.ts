import type { ExportChoice } from '../../contract/runs/export.ts';
import type { RunFilter } from '../../contract/runs/run.ts';
import type { Store } from '../store/index.ts';

/** How long the list of a run is looked through at a time for what it shows. */
const lookMs = 20;

type Shown = {
  readonly run: string;
  readonly choice?: ExportChoice | undefined;
  /** Only what a list of the run shows. */
  readonly shown?: RunFilter | undefined;
};

/** A choice with the numbers of the items that a list shows; null where it was stopped. */
export async function choiceOfShown(
  store: Store,
  { run, choice = {}, shown }: Shown,
  signal: AbortSignal,
): Promise<ExportChoice | null> {
  if (!shown) return choice;
  await store.flush();
  // The list may not have been looked through yet, and nothing else waits for all of that.
  const look = { ...shown, run, offset: 0, limit: 1 };
  while (!(await store.runPage(look, lookMs)).isWhole) if (signal.aborted) return null;
  return { ...choice, items: Uint32Array.from(await store.runSeqs(run, shown)) };
}
