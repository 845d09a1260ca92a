import type { ServedVersion } from '../../../contract/serving/serving.ts';
import { counter } from './family.ts';
import type { Family } from './family.ts';

/** An unexpected end of an HTTP worker; `ref`: the model that was running (`id@version`), null where that is not known. */
export type HttpWorkerEnd = {
  readonly ref: string | null;
  readonly reason: 'timeout' | 'crash' | 'stopped';
};
type Counted = {
  readonly model: string;
  readonly version: string;
  readonly reason: string;
  readonly value: number;
};

/** Counts unexpected ends of HTTP workers, by the model that was running and the cause. */
export function createEnds(catalogue: () => readonly Pick<ServedVersion, 'ref' | 'id' | 'shownVersion'>[]) {
  const counted = new Map<string, Counted>();
  return {
    count: ({ ref, reason }: HttpWorkerEnd): void => {
      // By its name now: a version that leaves later must not move to another series.
      const of = catalogue().find((each) => each.ref === ref);
      const labels = { model: of?.id ?? '', version: of?.shownVersion ?? '', reason };
      const key = JSON.stringify(labels);
      counted.set(key, { ...labels, value: (counted.get(key)?.value ?? 0) + 1 });
    },
    families: (isShown: (model: string) => boolean): readonly Family[] => [
      counter(
        'outpost_worker_ends_total',
        'HTTP workers that ended without being told to drain, by the model that they ran ("" where that is not known) and why: timeout, crash, or stopped for another reason.',
        [...counted.values()]
          .filter(({ model }) => isShown(model))
          .map(({ value, ...labels }) => ({ labels, value })),
      ),
    ],
  };
}
