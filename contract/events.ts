import { z } from 'zod';
import { Selection } from './calls.ts';
import { PackId, RunId } from './ids.ts';
import { MenuAct } from './menu.ts';

/** Hints that something changed: whoever shows it asks for it again. Sent at most once a frame for each kind. */
export const OutpostEvent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('status-changed') }),
  z.strictObject({ kind: z.literal('run-changed'), run: RunId }),
  z.strictObject({ kind: z.literal('models-changed') }),
  /** Versions, trials, canaries or downloads of models: ask for the timelines again. */
  z.strictObject({ kind: z.literal('lifecycle-changed') }),
  z.strictObject({ kind: z.literal('updates-changed') }),
  z.strictObject({ kind: z.literal('settings-changed') }),
  z.strictObject({ kind: z.literal('store-changed') }),
  /** Tokens, programs that wait for a person, the switch of the API or its last requests. */
  z.strictObject({ kind: z.literal('access-changed') }),
  /** A link asked to see this model. */
  z.strictObject({ kind: z.literal('model-opened'), model: PackId }),
  /** The menu bar asked for it. */
  z.strictObject({ kind: z.literal('menu-chosen'), act: MenuAct }),
  /** Files came from outside the page: the menu, a second start, the file manager. */
  z.strictObject({ kind: z.literal('files-opened'), selection: Selection }),
]);
export type OutpostEvent = z.infer<typeof OutpostEvent>;
