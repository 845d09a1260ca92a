/** Roots that are trusted from the start, as tools/trust/write-first-roots.mjs found them in trust/. */
export const firstRoots: readonly string[] = [];
