import type { z } from 'zod';

/** Who may ask: the page in the window, the preload alone (it turns dropped files into references), the command line. */
export type Client = 'window' | 'preload' | 'cli';
export type Call = { readonly in: z.ZodType; readonly out: z.ZodType; readonly clients: readonly Client[] };
/** A row of the call table, with its types kept. */
export const call = <I extends z.ZodType, O extends z.ZodType, const D extends readonly Client[]>(row: {
  in: I;
  out: O;
  clients: D;
}) => row;
