import type { ServedVersion } from '../../contract/serving/serving.ts';

/**
 * Marks versions that lost their default role or label as outdated, so that their memory is freed, and unmarks those
 * that regain one. Call the result after a change.
 */
export function createOutdating({
  catalogue,
  setNamed,
}: {
  readonly catalogue: () => readonly ServedVersion[];
  readonly setNamed: (ref: string, isNamed: boolean) => void;
}): () => void {
  const namedNow = (): ReadonlySet<string> =>
    new Set(
      catalogue().flatMap(({ ref, isDefault, labels }) => (isDefault || labels.length > 0 ? [ref] : [])),
    );
  let named = namedNow();
  return () => {
    const now = namedNow();
    for (const ref of named) if (!now.has(ref)) setNamed(ref, false);
    for (const ref of now) if (!named.has(ref)) setNamed(ref, true);
    named = now;
  };
}
