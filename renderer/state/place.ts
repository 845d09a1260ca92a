import type { Fault } from '../../contract/faults.ts';
import type { TrialReport } from '../../contract/trial.ts';
import { cell } from './cell.ts';

/** In the order in which they are shown: Ctrl and the number of a place lead there. */
export const places = ['try', 'runs', 'models', 'monitor', 'api', 'settings'] as const;
export type Place = (typeof places)[number];

export const place = cell<Place>('try');
/** What Runs shows: the list, or one of them. */
export type RunsPage = { readonly kind: 'list' } | { readonly kind: 'run'; readonly run: string };
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
/** A group that Settings opens at; it is forgotten once shown. */
export const settingsGroup = cell<string | null>(null);
/** What is looked for among the settings. */
export const settingsSearch = cell('');
/** The part of Monitor that is opened; it is forgotten once shown. */
export const monitorPart = cell<'now' | null>(null);
/** A setting that somebody was led to: it is marked until they go elsewhere. */
export const settingMark = cell<string | null>(null);
/** A fault of something a person asked for that has no card of its own. */
export const notice = cell<Fault | null>(null);
/**
 * What was done or found wanting, in words of the page (`key`, filled from `values`), until the next act. `undo` takes it back.
 */
export type Message = {
  readonly key: string;
  readonly values?: Readonly<Record<string, string | number>>;
  readonly undo?: () => void;
};
export const message = cell<Message | null>(null);
/** That something was done, for a few seconds: in the status bar, and read out by screen readers. */
export const announcement = cell<string>('');
const shownMs = 6_000;
let clock: ReturnType<typeof setTimeout> | undefined;
export function announce(text: string): void {
  // Set anew, so that a screen reader reads the same text twice.
  announcement.set('');
  clearTimeout(clock);
  clock = setTimeout(() => {
    announcement.set(text);
    clock = setTimeout(() => announcement.set(''), shownMs);
  }, 50);
}
/** An announcement is out of date as soon as something else is done. */
export function clearAnnouncement(): void {
  clearTimeout(clock);
  announcement.set('');
}
export const keysOpen = cell(false);
