import { z } from 'zod';

const areItemNumbers = (value: unknown): value is Uint32Array => value instanceof Uint32Array;
/**
 * Items of a run, by their numbers in it. All of a run may be meant, which may be hundreds of thousands: as a list of numbers they
 * would stop the page while they go to main, so they are four bytes each.
 */
export const ItemNumbers = z.custom<Uint32Array>(areItemNumbers, 'not the numbers of items');
export type ItemNumbers = z.infer<typeof ItemNumbers>;
/** At least one of them. */
export const SomeItemNumbers = z.custom<Uint32Array>(
  (value) => areItemNumbers(value) && value.length > 0,
  'not the numbers of one item or more',
);
