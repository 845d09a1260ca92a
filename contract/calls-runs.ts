import { z } from 'zod';
import { call } from './call.ts';
import { ModelRef, RunId, SelectionId } from './ids.ts';
import { RunCheck } from './run-check.ts';
import { RunState } from './run.ts';

const request = z.string().max(40);
const byRequest = z.strictObject({ request });

/** The list of runs, page by page, and what one would be before it is started. */
export const runListCalls = {
  /** Runs that a process works on or watches for, newest first; those of the command line included. */
  'runs.live': call({ in: z.void(), out: z.array(RunState), clients: ['window'] }),
  /**
   * The others, newest first, behind the one named `after`. `search` matches title and model, case-insensitive; `faults`: only
   * those with items that failed. `total`: all that fit.
   */
  'runs.ended': call({
    in: z.strictObject({
      search: z.string().max(200),
      show: z.enum(['all', 'faults']),
      after: RunId.nullable(),
      limit: z.number().int().min(1).max(200),
    }),
    out: z.strictObject({ runs: z.array(RunState), total: z.number().int() }),
    clients: ['window'],
  }),
  /** Looks at what was chosen until it has seen all of it or is stopped; `runs.checked` gives what is known so far. */
  'runs.check': call({
    in: z.strictObject({
      selection: SelectionId,
      model: ModelRef,
      thorough: z.boolean().optional(),
      request,
    }),
    out: RunCheck,
    clients: ['window'],
  }),
  'runs.checked': call({ in: byRequest, out: RunCheck.nullable(), clients: ['window'] }),
  'runs.checkStop': call({ in: byRequest, out: z.void(), clients: ['window'] }),
  /** Puts every failed file on the clipboard, a line each: its path, the code, the reason. Gives back how many. */
  'runs.copyFaults': call({
    in: z.strictObject({ run: RunId }),
    out: z.strictObject({ count: z.number().int() }),
    clients: ['window'],
  }),
} as const;
