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

/** A mark at `x` with the widths of the words before and after it, in the order of `x`. */
type MarkPlace = { readonly x: number; readonly before: number; readonly after: number };

/**
 * Which words of marks have room: none runs into a mark, into other words or over an edge. What a mark leads to comes
 * first, as the next mark's words before it mostly say the same.
 */
export function spaceForMarks(
  marks: readonly MarkPlace[],
  { left, right, gap }: { readonly left: number; readonly right: number; readonly gap: number },
): readonly { readonly before: boolean; readonly after: boolean }[] {
  let taken = left;
  return marks.map(({ x, before, after }, index) => {
    const next = marks[index + 1]?.x ?? right;
    const hasBefore = before > 0 && x - gap - before >= taken;
    const hasAfter = after > 0 && x + gap + after + gap <= next;
    taken = hasAfter ? x + gap + after + gap : x + gap;
    return { before: hasBefore, after: hasAfter };
  });
}

/** Values with nothing known before and after them: a line through one point is not seen, so it gets a dot. */
export function alone(values: readonly (number | null | undefined)[]): number[] {
  const isKnown = (index: number): boolean => values[index] !== null && values[index] !== undefined;
  return values.flatMap((_, index) =>
    isKnown(index) && !isKnown(index - 1) && !isKnown(index + 1) ? [index] : [],
  );
}
