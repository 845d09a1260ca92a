import type { z } from 'zod';

/** Who may ask: the page in the window, the preload alone (it turns dropped files into references), the command line. */
export type Door = 'window' | 'preload' | 'cli';
export type Call = { readonly in: z.ZodType; readonly out: z.ZodType; readonly doors: readonly Door[] };
/** A row of the call table, with its types kept. */
export const call = <I extends z.ZodType, O extends z.ZodType, const D extends readonly Door[]>(row: {
  in: I;
  out: O;
  doors: D;
}) => row;
