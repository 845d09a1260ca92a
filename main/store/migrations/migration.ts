import type { Writable } from '../database.ts';

/** A step from `version - 1` to `version`. Once released it is never edited; a later change is a new migration. */
export type Migration = { readonly version: number; readonly up: (db: Writable) => void };
