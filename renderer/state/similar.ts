import { useQuery } from '@tanstack/react-query';
import { cell } from './cell.ts';
import { valueOf } from './client.ts';

/** Whether photos that are like the one on screen stand beside it. */
export const similarOpen = cell(false);

/** What is most like a photo; asked again each time, since more may have been answered meanwhile. */
export const useSimilar = (ref: string) =>
  useQuery({ queryKey: ['similar', ref], queryFn: () => valueOf('similar.find', { ref }), staleTime: 0 });
