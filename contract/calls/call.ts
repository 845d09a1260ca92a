import type { z } from 'zod';

/**
 * Who may make a call: the page in the window, the preload alone (it turns dropped files into references), the command
 * line.
 */
export type Client = 'window' | 'preload' | 'cli';
/** Declares a row of the call table; keeps its types. */
export const call = <I extends z.ZodType, O extends z.ZodType, const D extends readonly Client[]>(row: {
  in: I;
  out: O;
  clients: D;
}) => row;
