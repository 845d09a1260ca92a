import type { Fault } from '../../contract/faults.ts';
import { cell } from './cell.ts';

export const places = ['try', 'models', 'settings'] as const;
export type Place = (typeof places)[number];

export const place = cell<Place>('try');
/** A model that Models shows in full; null means the first. */
export const shownModel = cell<string | null>(null);
/** A fault of something a person asked for that has no card of its own. */
export const notice = cell<Fault | null>(null);
/** A short word that something was done, read out by screen readers as well. */
export const said = cell<string>('');
export const keysOpen = cell(false);
