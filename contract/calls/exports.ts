import { z } from 'zod';
import { call } from './call.ts';
import {
  ExportChoice,
  ExportCount,
  ExportFormat,
  ExportProfile,
  ExportReport,
  ExportRows,
} from '../runs/export.ts';
import { FileRef, RunId } from '../ids.ts';
import { RunFilter } from '../runs/run.ts';

const request = z.string().max(40);
const asked = z.strictObject({
  run: RunId,
  choice: ExportChoice.optional(),
  shown: RunFilter.optional(),
  request,
});

/** A run as a file for other programs. */
export const exportCalls = {
  /** The first rows of the run, or of what a list of it shows (`shown`), as a table. */
  'exports.rows': call({ in: asked, out: ExportRows, clients: ['window'] }),
  /** How many items it has, and the formats that can hold them: of a long run, known after seconds. */
  'exports.count': call({ in: asked, out: ExportCount, clients: ['window'] }),
  /** Choices that were kept to be used again. */
  'exports.profiles': call({ in: z.strictObject({}), out: z.array(ExportProfile), clients: ['window'] }),
  /** Keeps a choice under a name, in the place of the one that has it; gives all of them. */
  'exports.keepProfile': call({ in: ExportProfile, out: z.array(ExportProfile), clients: ['window'] }),
  /** Asks the person where to, and writes it there, whole or not at all; null when no place was chosen. */
  'exports.write': call({
    in: z.strictObject({ ...asked.shape, format: ExportFormat }),
    out: z.strictObject({ ref: FileRef, name: z.string(), report: ExportReport }).nullable(),
    clients: ['window'],
  }),
  /** Items that were written so far by this request, and how many there will be; null while they are counted, and all of it while the person says where to. */
  'exports.progress': call({
    in: z.strictObject({ request }),
    out: z.strictObject({ done: z.number().int(), items: z.number().int().nullable() }).nullable(),
    clients: ['window'],
  }),
  /** Ends one of the requests above. Of a file nothing is left, and what stood in its place is as it was. */
  'exports.stop': call({ in: z.strictObject({ request }), out: z.void(), clients: ['window'] }),
} as const;
