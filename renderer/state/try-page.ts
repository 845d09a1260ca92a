import type { SelectedFile } from '../../contract/calls/calls.ts';
import type { Fault } from '../../contract/faults/faults.ts';
import type { PredictionRecord } from '../../contract/runs/prediction.ts';
import { cell } from './cell.ts';

/*
 * What Try shows.
 *
 *   empty ──choose, drop, paste──> photos ──> photos (another)
 *     ├──photos that are alike──> groups ──open──> photos
 *     └──────a folder, or many──> run (how its list is shown: run-look.ts)
 */
export type EntryState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'answered'; readonly record: PredictionRecord }
  | { readonly kind: 'fault'; readonly fault: Fault };
export type Entry = { readonly file: SelectedFile; readonly answer: EntryState };
export type TryPage =
  | { readonly kind: 'empty' }
  | { readonly kind: 'groups' }
  | {
      readonly kind: 'photos';
      /** Tells answers of this round from those that come late. */
      readonly round: number;
      readonly model: string;
      /** Large photos are looked at in parts as well. */
      readonly thorough: boolean;
      readonly entries: readonly Entry[];
      readonly current: number;
    }
  | {
      readonly kind: 'run';
      readonly run: string;
      readonly title: string;
    };

export const tryPage = cell<TryPage>({ kind: 'empty' });
/** How many rounds of photos were begun. */
export const rounds = cell(0);
/** Requests for photos that were not answered yet. */
export const askedPhotos = cell<readonly string[]>([]);
/** What was last chosen, as main knows it. */
export const selected = cell<string | null>(null);
/** The run that was started last in this window, and what was chosen for it. */
export type StartedRun = { readonly run: string; readonly selection: string };
export const startedRun = cell<StartedRun | null>(null);
/** How many photos of a round could not be read when a hand put the line about them away. */
export type UnreadPutAway = { readonly round: number; readonly count: number };
export const unreadPutAway = cell<UnreadPutAway | null>(null);
export type PhotosPage = Extract<TryPage, { kind: 'photos' }>;

/** How a person likes to look at answers; it filters and changes no number. */
export const threshold = cell(0.1);
/** Those that a hand gave instead of a pack's own threshold, by task. */
export const movedThresholds = cell<Readonly<Record<string, number>>>({});
/** Scale that a hand gave to a photo; null, and any other photo: fit. */
export const zoomed = cell<{ readonly photo: string; readonly scale: number } | null>(null);
/** Which of what was found on a photo a person looks at: its place in the list. Any other photo: none. */
export const walked = cell<{ readonly photo: string; readonly at: number } | null>(null);
/** Whether the next photos are looked at in parts as well, by models that can. */
export const thorough = cell(false);
export const squareShown = cell(true);
export const originOpen = cell(false);
