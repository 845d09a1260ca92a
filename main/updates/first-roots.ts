/** Root metadata that is trusted from the start, written by tools/trust/write-first-roots.mjs from trust/. */
export const firstRoots: readonly string[] = [];
