/** Whether this is `npm run test:long`: then drills go through all of what the usual run takes a part of. */
export const isLong = process.env['OUTPOST_TEST_LONG'] === '1';

/** How many in the long run, and how many in the usual one. */
export const inLong = (all: number, usually: number): number => (isLong ? all : usually);
