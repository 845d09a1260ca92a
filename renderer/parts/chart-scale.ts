/** Ends of a vertical axis and the distance of its lines: from zero, at most six lines, round numbers. */
export function niceScale(greatest: number): { readonly top: number; readonly step: number } {
  if (!(greatest > 0)) return { top: 1, step: 0.2 };
  const rough = greatest / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10) * power;
  return { top: Math.ceil((greatest / step) * 0.999) * step, step };
}

/** Places of labels beside their lines, pushed apart where they would cover each other; in the order given. */
export function spread(
  places: readonly number[],
  { gap, least, most }: { readonly gap: number; readonly least: number; readonly most: number },
): readonly number[] {
  const order = places.map((_, index) => index).toSorted((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const put = [...places];
  let above = least - gap;
  for (const index of order) {
    put[index] = Math.max(put[index] ?? 0, above + gap);
    above = put[index] ?? 0;
  }
  let below = most + gap;
  for (const index of order.toReversed()) {
    put[index] = Math.min(put[index] ?? 0, below - gap);
    below = put[index] ?? 0;
  }
  return put;
}

/** Values with nothing known before and after them: a line through one point is not seen, so it gets a dot. */
export function alone(values: readonly (number | null | undefined)[]): number[] {
  const isKnown = (index: number): boolean => values[index] !== null && values[index] !== undefined;
  return values.flatMap((_, index) =>
    isKnown(index) && !isKnown(index - 1) && !isKnown(index + 1) ? [index] : [],
  );
}
