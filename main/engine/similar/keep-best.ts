import type { SimilarPhoto } from '../../../contract/runs/similar.ts';

/** The `limit` most similar of all that are added, best first; of equal ones those that came first, and the same bytes once. */
export function keepBest(limit: number) {
  const best: SimilarPhoto[] = [];
  return {
    add: (one: SimilarPhoto): void => {
      const known = best.findIndex(({ digest }) => digest === one.digest);
      if (known >= 0) {
        best[known] = { ...best[known]!, copies: [...best[known]!.copies, one.path] };
        return;
      }
      let at = best.length;
      while (at > 0 && best[at - 1]!.similarity < one.similarity) at -= 1;
      best.splice(at, 0, one);
      if (best.length > limit) best.pop();
    },
    list: (): readonly SimilarPhoto[] => best,
  };
}
