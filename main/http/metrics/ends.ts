import type { ServedVersion } from '../../../contract/serving.ts';
import { counter } from './family.ts';
import type { Family } from './family.ts';

/** Unexpected ends of workers with one cause; `ref`: the model that was running (`id@version`), null where that is not known. */
export type HttpWorkerEnds = {
  readonly ref: string | null;
  readonly reason: 'timeout' | 'crash' | 'stopped';
  readonly count: number;
};

/** Only models of `versions` are named. */
export function endFamilies(
  ends: readonly HttpWorkerEnds[],
  versions: readonly Pick<ServedVersion, 'ref' | 'id' | 'shownVersion'>[],
): readonly Family[] {
  const totals = new Map<string, { model: string; version: string; reason: string; value: number }>();
  for (const { ref, reason, count } of ends) {
    const of = versions.find((each) => each.ref === ref);
    const [model, version] = [of?.id ?? '', of?.shownVersion ?? ''];
    const key = `${model}@${version} ${reason}`;
    totals.set(key, { model, version, reason, value: (totals.get(key)?.value ?? 0) + count });
  }
  return [
    counter(
      'outpost_worker_ends_total',
      'HTTP workers that ended by themselves, by the model that they ran ("" where that is not known) and why: timeout, crash, or stopped for another reason.',
      [...totals.values()].map(({ value, ...labels }) => ({ labels, value })),
    ),
  ];
}
