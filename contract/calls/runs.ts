import { z } from 'zod';
import { call } from './call.ts';
import { ModelRef, RunId, SelectionId } from '../ids.ts';
import { RunCheck } from '../runs/run-check.ts';
import { RunFacets, RunFolderState } from '../runs/run-folders.ts';
import { mostDragged, PickedItems, RunState } from '../runs/run.ts';

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
  /** Cameras, sites and times that a list of a run can be filtered by. */
  'runs.facets': call({ in: z.strictObject({ run: RunId }), out: RunFacets, clients: ['window'] }),
  /** Folders of a run with the sites, places and clock shifts that hold for them; an empty name stands for all of it. */
  'runs.folders': call({
    in: z.strictObject({ run: RunId }),
    out: z.array(RunFolderState),
    clients: ['window'],
  }),
  /**
   * Names the site of a folder of a run, says where it lies, or moves its clocks. What is absent stays as it was; null takes it
   * away. The photos stay as they are, and so does what their clocks said.
   */
  'runs.setFolder': call({
    in: z
      .strictObject({
        run: RunId,
        folder: z.string().max(4000),
        site: z.string().trim().min(1).max(1000).nullable().optional(),
        latitude: z.number().min(-90).max(90).nullable().optional(),
        longitude: z.number().min(-180).max(180).nullable().optional(),
        shiftS: z.number().int().min(-2_000_000_000).max(2_000_000_000).nullable().optional(),
      })
      .refine(
        ({ latitude, longitude }) => typeof latitude === typeof longitude,
        'latitude and longitude come together',
      ),
    out: z.array(RunFolderState),
    clients: ['window'],
  }),
  /** Puts every failed file on the clipboard, a line each: its path, the code, the reason. Gives back how many. */
  'runs.copyFaults': call({
    in: z.strictObject({ run: RunId }),
    out: z.strictObject({ count: z.number().int() }),
    clients: ['window'],
  }),
  /** Puts the paths of these items on the clipboard, a line each. */
  'runs.copyPaths': call({ in: PickedItems, out: z.void(), clients: ['window'] }),
  /** Starts a native drag of the files of these items, those that are there, while the mouse button is down. */
  'runs.drag': call({
    in: PickedItems.refine(({ items }) => items.length <= mostDragged, 'more than a drag takes'),
    out: z.void(),
    clients: ['window'],
  }),
} as const;
