import { useQuery } from '@tanstack/react-query';
import { cell } from './cell.ts';
import { valueOf } from './client.ts';

/** Whether the pane with similar photos is open. */
export const similarOpen = cell(false);

/** The photos most similar to one; asked again each time, since more may have been answered meanwhile. */
export const useSimilar = (ref: string) =>
  useQuery({ queryKey: ['similar', ref], queryFn: () => valueOf('similar.find', { ref }), staleTime: 0 });
