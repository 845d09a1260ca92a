import { resolve } from 'node:path';
import type { RunPhase } from '../../../contract/runs/run.ts';
import type { RunHead, Store } from '../../store/index.ts';
import type { LiveRun } from './live-run.ts';

/** Inputs that are sent to the store, or read from it, at a time. */
const portion = 2_000;

/**
 * Writes down what a run is asked for. A list of inputs is kept whole before the first of them is answered, since nobody can
 * read standard input a second time; a run whose process ends before that never was.
 */
export async function noteRun(
  store: Store,
  head: RunHead,
  inputs: AsyncIterable<string> | Iterable<string>,
): Promise<void> {
  let paths: string[] = [];
  let from = 0;
  const send = async (areAll: boolean): Promise<void> => {
    if (from === 0) await store.startRun(head, { paths, from, areAll });
    else await store.addRunInputs(head.id, { paths, from, areAll });
    from += paths.length;
    paths = [];
  };
  for await (const path of inputs) {
    if (paths.length === portion) await send(false);
    paths.push(resolve(path));
  }
  await send(true);
}

/** The inputs of a run from one on, read in portions. */
export async function* storedInputs(store: Store, run: string, first = 0): AsyncGenerator<string> {
  for (let from = first; ; from += portion) {
    const paths = await store.runInputs(run, { from, limit: portion });
    yield* paths;
    if (paths.length < portion) return;
  }
}

/** Files of a run in order of finishing; a page at a time, so that a long run takes no memory. */
export async function* runPaths(store: Store, run: string): AsyncGenerator<string> {
  const limit = 500;
  for (let offset = 0; ; offset += limit) {
    const page = { run, show: 'all', unsureBelow: 0, search: '', offset, limit } as const;
    const { rows } = await store.runPage(page);
    for (const { path } of rows) yield path;
    if (rows.length < limit) return;
  }
}

/** Writes the state of a run that this process works on, behind all of its items so far; false when the disk does not take it. */
export async function writePhase(
  store: Store,
  run: LiveRun,
  { phase = run.phase, isRetried = false }: { phase?: RunPhase; isRetried?: boolean } = {},
): Promise<boolean> {
  await store.flush();
  return store.setRunPhase(run.id, { ...run.progress(), phase, isRetried });
}
