import type { Writable } from '../database.ts';

/** A step from `version - 1` to `version`. Once released it is never edited: another one is added behind it. */
export type Migration = { readonly version: number; readonly up: (db: Writable) => void };
