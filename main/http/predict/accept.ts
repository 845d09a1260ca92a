/** The first of `offered` that the `Accept` header takes, by its weights; the first of all where it names none of them. */
export function chooseType<T extends string>(accept: string | undefined, offered: readonly [T, ...T[]]): T {
  if (accept === undefined) return offered[0];
  let best: T = offered[0];
  let bestWeight = 0;
  for (const type of offered) {
    const weight = weightOf(accept, type);
    if (weight > bestWeight) {
      best = type;
      bestWeight = weight;
    }
  }
  return best;
}

/** The most exact range that fits decides: `text/csv` before `text/*` before `*` `/*`. */
function weightOf(accept: string, type: string): number {
  const [group] = type.split('/', 1);
  let weight = 0;
  let exactness = 0;
  for (const range of accept.toLowerCase().split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim());
    const fit = name === type ? 3 : name === `${group}/*` ? 2 : name === '*/*' ? 1 : 0;
    if (fit <= exactness) continue;
    exactness = fit;
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    weight = quality === undefined ? 1 : Number(quality.slice(2)) || 0;
  }
  return weight;
}
