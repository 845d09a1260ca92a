import type { ServedVersion } from '../../contract/serving.ts';

/** Versions that answered by default or by a label and do so no longer give their memory back, unless they answer again; call the result after a change. */
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
