import { useMediaQuery } from '@mantine/hooks';

const now = { getInitialValueInEffect: false } as const;
export const useIsNarrow = (): boolean => useMediaQuery('(max-width: 1099px)', false, now);
export const useIsWide = (): boolean => useMediaQuery('(min-width: 1600px)', false, now);
export const useIsTall = (): boolean => useMediaQuery('(min-height: 960px)', false, now);
/** The width from which api.css shows the model column of requests. */
export const useHasModelColumn = (): boolean => useMediaQuery('(min-width: 1500px)', false, now);
/** Width below which panes are stacked, as for a small window at 200 %: 759 px as in the style sheets. */
export const useIsStacked = (): boolean => useMediaQuery('(max-width: 759px)', false, now);
/** Too low for a photo and a fault card of full height. */
export const useIsShort = (): boolean => useMediaQuery('(max-height: 640px)', false, now);
