import { useMediaQuery } from '@mantine/hooks';

const now = { getInitialValueInEffect: false } as const;
export const useIsNarrow = (): boolean => useMediaQuery('(max-width: 1099px)', false, now);
export const useIsWide = (): boolean => useMediaQuery('(min-width: 1600px)', false, now);
export const useIsTall = (): boolean => useMediaQuery('(min-height: 960px)', false, now);
/** Where api.css shows the model of a request. */
export const useHasModelColumn = (): boolean => useMediaQuery('(min-width: 1500px)', false, now);
