import { useDeferredValue } from 'react';
import { useModelsWithLabel } from '../../state/queries.ts';

/** Whether a model has the words that were typed in its name or among its labels. */
export function useLabelSearch(typed: string): (model: string, words: string) => boolean {
  const search = useDeferredValue(typed.trim().toLocaleLowerCase());
  const labels = useModelsWithLabel(search);
  return (model, words) => search === '' || words.toLocaleLowerCase().includes(search) || labels.has(model);
}
