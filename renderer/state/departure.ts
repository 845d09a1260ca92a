import { useQuery } from '@tanstack/react-query';
import { valueOf } from './client.ts';

/** The last check; asked for anew each time that the page opens, as everything in it changes by the hour. */
export const useDeparture = () =>
  useQuery({
    queryKey: ['departure'],
    queryFn: () => valueOf('depart.check', undefined),
    refetchOnMount: 'always',
    gcTime: 0,
  });
