import { useDeferredValue } from 'react';
import { useModelsWithLabel } from '../../state/queries.ts';

/** Whether a model has the words that were typed in its name or among its labels. */
export function useLabelSearch(typed: string): (model: string, text: string) => boolean {
  const search = useDeferredValue(typed.trim().toLocaleLowerCase());
  const labels = useModelsWithLabel(search);
  return (model, text) => search === '' || text.toLocaleLowerCase().includes(search) || labels.has(model);
}
