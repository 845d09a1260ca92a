import type { TrialReport } from '../../contract/lifecycle/trial.ts';
import { cell } from './cell.ts';

/** In the order in which they are shown: Ctrl and the number of a place lead there. */
export const places = ['try', 'runs', 'models', 'monitor', 'api', 'settings'] as const;
export type Place = (typeof places)[number];

export const place = cell<Place>('try');
/** What Runs shows: the list, or one of them. */
type RunsPage = { readonly kind: 'list' } | { readonly kind: 'run'; readonly run: string };
export const runsPage = cell<RunsPage>({ kind: 'list' });
/** Id of the model that Models shows in full; null means the one in use. */
export const shownModel = cell<string | null>(null);
/*
 * What Models shows.
 *
 *   list ──a trial's result──> trial ──back──> list
 *    ├──compare──> changes ──back──> list
 *    ├──a bare model file──> make ──made, back──> list
 *    └──Departure check──> departure ──back──> list
 */
export type ModelsPage =
  | { readonly kind: 'list' }
  | { readonly kind: 'trial'; readonly model: string; readonly version: string }
  | {
      readonly kind: 'changes';
      readonly model: string;
      readonly title: string;
      readonly from: string;
      readonly to: string;
      /** Null while both versions answer. */
      readonly report: TrialReport | null;
    }
  | { readonly kind: 'departure' }
  /** The form for a bare model file. */
  | { readonly kind: 'make'; readonly ref: string };
export const modelsPage = cell<ModelsPage>({ kind: 'list' });
/** The group that Settings scrolls to next; cleared once shown. */
export const settingsGroup = cell<string | null>(null);
/** The search text of Settings. */
export const settingsSearch = cell('');
/** The part of Monitor that opens next; cleared once shown. */
export const monitorPart = cell<'now' | null>(null);
/** The setting that a link led to: highlighted until the next navigation. */
export const settingMark = cell<string | null>(null);
/** Whether the list of keyboard shortcuts is open. */
export const keysOpen = cell(false);
