import { z } from 'zod';
import { Selection } from './calls.ts';
import { PackId, RunId } from '../ids.ts';
import { MenuAct } from './menu.ts';

/** Announcements that something changed: a view that shows it asks again. Each kind is sent at most once per frame. */
export const OutpostEvent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('status-changed') }),
  z.strictObject({ kind: z.literal('run-changed'), run: RunId }),
  z.strictObject({ kind: z.literal('models-changed') }),
  /** Versions, trials, canaries or downloads changed: ask for the timelines again. */
  z.strictObject({ kind: z.literal('lifecycle-changed') }),
  z.strictObject({ kind: z.literal('updates-changed') }),
  z.strictObject({ kind: z.literal('settings-changed') }),
  z.strictObject({ kind: z.literal('store-changed') }),
  /** A card came or went, or a copy of one went on. */
  z.strictObject({ kind: z.literal('cards-changed') }),
  /** Tokens, waiting programs, the state of the API or its last requests changed. */
  z.strictObject({ kind: z.literal('access-changed') }),
  /** A link asked to show this model. */
  z.strictObject({ kind: z.literal('model-opened'), model: PackId }),
  /** An action was chosen in the menu bar. */
  z.strictObject({ kind: z.literal('menu-chosen'), act: MenuAct }),
  /** Files were opened from outside the page: menu, second start, file manager. */
  z.strictObject({ kind: z.literal('files-opened'), selection: Selection }),
]);
export type OutpostEvent = z.infer<typeof OutpostEvent>;
