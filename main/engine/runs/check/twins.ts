import type { FileIdentity } from '../../../store/index.ts';

/** SHA-256 of a file's bytes; null where it cannot be read any more. */
export type HashFile = (path: string) => Promise<string | null>;

/**
 * Tells files with the same bytes from each other. Only files that are equally long are read: on a card hardly any are, and
 * what it keeps of the others is their size and their path.
 */
export function createTwins(hashFile: HashFile) {
  const bySize = new Map<number, { readonly digests: Set<string>; first: string | null }>();
  return {
    /** Whether a file with the same bytes was seen before this one. `digest`: of its bytes, where it is known. */
    async isTwin({ path, size }: FileIdentity, digest: string | null): Promise<boolean> {
      const known = bySize.get(size);
      if (!known) {
        bySize.set(size, {
          digests: new Set(digest === null ? [] : [digest]),
          first: digest === null ? path : null,
        });
        return false;
      }
      if (known.first !== null) {
        const before = await hashFile(known.first);
        if (before !== null) known.digests.add(before);
        known.first = null;
      }
      const own = digest ?? (await hashFile(path));
      if (own === null) return false;
      const isTwin = known.digests.has(own);
      known.digests.add(own);
      return isTwin;
    },
  };
}
