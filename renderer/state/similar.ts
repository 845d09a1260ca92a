import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { sameFrom } from '../../contract/runs/similar.ts';
import { cell } from './cell.ts';
import { valueOf } from './client.ts';

/** Whether the pane with similar photos is open. */
export const similarOpen = cell(false);

/** Similarities from which photos form a group, to choose from. */
export const groupLevels = [0.9, sameFrom, 0.99] as const;
export const groupLeast = cell<number>(sameFrom);

/** Groups of similar stored photos; asked again each time, as below. */
export const useGroups = (least: number) =>
  useQuery({
    queryKey: ['similar groups', least],
    queryFn: () => valueOf('similar.groups', { least }),
    staleTime: 0,
    placeholderData: keepPreviousData,
  });

/** The photos most similar to one; asked again each time, since more may have been answered meanwhile. */
export const useSimilar = (ref: string) =>
  useQuery({ queryKey: ['similar', ref], queryFn: () => valueOf('similar.find', { ref }), staleTime: 0 });
