/** The `limit` most similar of all that are added, best first; of equal ones those that came first. */
export function keepBest<T extends { readonly similarity: number }>(limit: number) {
  const best: T[] = [];
  return {
    add: (one: T): void => {
      let at = best.length;
      while (at > 0 && best[at - 1]!.similarity < one.similarity) at -= 1;
      best.splice(at, 0, one);
      if (best.length > limit) best.pop();
    },
    list: (): readonly T[] => best,
  };
}
