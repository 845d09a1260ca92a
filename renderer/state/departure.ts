import { useQuery } from '@tanstack/react-query';
import { valueOf } from './client.ts';

/** The last departure check; asked again whenever the page opens, since its results change within hours. */
export const useDeparture = () =>
  useQuery({
    queryKey: ['departure'],
    queryFn: () => valueOf('depart.check', undefined),
    refetchOnMount: 'always',
    gcTime: 0,
  });
