import { z } from 'zod';
import { Fault } from '../faults/faults.ts';

const departureChecks = [
  'models',
  'golden',
  'trial',
  'providers',
  'disk',
  'licence',
  'feed',
  'clock',
  'battery',
  'store',
] as const;

/**
 * A result of the departure check. `params` fill its text in any language; numbers carry their unit in the name
 * (`freeBytes`).
 */
export const DepartureRow = z.strictObject({
  check: z.enum(departureChecks),
  /** `stop`: must be done before leaving. `look`: worth knowing. `unknown`: this computer cannot tell. */
  state: z.enum(['ok', 'look', 'stop', 'unknown']),
  /** Key of the text for this check, such as `metered` or `expires-soon`. */
  word: z.string().max(40),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  /** The same in English, for the printed report and the command line. */
  text: z.string(),
  /** What to do; empty when nothing is to be done. */
  todo: z.string(),
  fault: Fault.nullable(),
});
export type DepartureRow = z.infer<typeof DepartureRow>;

/** Everything to know before going offline. Golden samples are run with the network blocked. */
export const DepartureReport = z.strictObject({
  at: z.string(),
  computer: z.string(),
  appVersion: z.string(),
  /** True when no row is `stop`. */
  isReady: z.boolean(),
  rows: z.array(DepartureRow),
  durationMs: z.number(),
});
export type DepartureReport = z.infer<typeof DepartureReport>;

const text = z.string().max(2_000);
/** Texts of the printed report, the same as on screen. */
export const DepartureTexts = z.strictObject({
  /** BCP 47, for the page's `lang`. */
  language: z.string().regex(/^[A-Za-z0-9-]{1,35}$/u),
  title: text,
  headline: text,
  checked: text,
  checkedBy: text,
  rows: z
    .array(
      z.strictObject({
        isReady: z.boolean(),
        name: text,
        text,
        todo: text,
        state: text,
      }),
    )
    .max(departureChecks.length),
});
export type DepartureTexts = z.infer<typeof DepartureTexts>;
