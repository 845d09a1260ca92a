import type { Result } from '../../contract/tasks/index.ts';
import type { MarkedBox } from '../parts/boxes/index.ts';
import { useCell } from '../state/cell.ts';
import { walked } from '../state/try-page.ts';
import { viewOf } from './index.ts';
import type { ListedEntry } from './view.ts';

/** What was found on a photo from the threshold on, best first; only entries that have a place on it. */
export const foundOn = (result: Result, above: number): readonly ListedEntry[] =>
  viewOf(result)
    .listed(result)
    .entries.filter(({ box, score }) => box !== undefined && score >= above);

/** The place among them of the one that a person looks at; null: none, or one that the threshold has left out since. */
export function useWalked(photo: string, count: number): number | null {
  const now = useCell(walked);
  return now?.photo === photo && now.at < count ? now.at : null;
}

/** Where they are, each with the index of its label. */
export const boxesOn = (result: Result, above: number): readonly MarkedBox[] =>
  foundOn(result, above).flatMap(({ box, index }) => (box ? [{ box, index }] : []));
