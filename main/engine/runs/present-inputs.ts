import { stat } from 'node:fs/promises';
import { isMissing } from '../../../contract/faults/disk-faults.ts';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { fsPath } from '../../lib/file-names.ts';

type Inputs = AsyncIterable<string> | Iterable<string>;

/** A list in which so many are missing at its start is begun with all the same: what is looked at is held in memory. */
const mostLookedAt = 2_000;

/** The same inputs; `file-not-found` where none of them is there, so that nothing could be answered. */
export async function presentInputs(inputs: Inputs): Promise<Outcome<AsyncIterable<string>>> {
  const names = namesOf(inputs);
  const missing: string[] = [];
  for (let next = await names.next(); next.done !== true; next = await names.next()) {
    const { value } = next;
    const isThere = missing.length === mostLookedAt || !(await isAbsent(value));
    if (isThere) return ok(joined([...missing, value], names));
    missing.push(value);
  }
  const [first] = missing;
  return first === undefined ? ok(names) : failed('file-not-found', { file: first });
}

async function* namesOf(inputs: Inputs): AsyncGenerator<string> {
  yield* inputs;
}

async function* joined(first: readonly string[], rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield* first;
  yield* rest;
}

export const isAbsent = (path: string): Promise<boolean> =>
  stat(fsPath(path)).then(
    () => false,
    (error: unknown) => isMissing(error),
  );
