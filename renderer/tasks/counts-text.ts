import { countText } from '../../contract/tasks/detections.ts';

/** `5 animals, 1 person`; a label's plural is known in its own language alone. Null where nothing was found. */
export function countsText(
  counts: readonly { readonly label: string; readonly count: number }[],
  language: string,
): string | null {
  const texts = counts.map((each) =>
    language.startsWith('en') ? countText(each) : `${each.count} × ${each.label}`,
  );
  return texts.join(', ') || null;
}
