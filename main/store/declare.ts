import type { Readable, Writable } from './database.ts';
import { createRunViews } from './run-views.ts';
import type { RunViews } from './run-views.ts';
import { createIndexes } from './vectors/index.ts';
import type { Indexes } from './vectors/index.ts';

/*
 * A query of the store is one declaration, beside its SQL: what it runs, on which of the two threads, and what is answered
 * when the disk refuses or the thread is lost. The method of `Store`, the messages and the dispatch on the thread follow.
 *
 *   read         asked of the writer (sees the store as it will be) or of the reader (never delays a prediction)
 *   change       a transaction of its own, awaited
 *   laterChange  not awaited: gathered, and committed with others in a group
 *
 * Arguments and results cross a thread: plain data only.
 */

/** A connection with what belongs to it. */
export type Source = { readonly db: Readable; readonly views: RunViews; readonly indexes: Indexes };

export const sourceOf = (db: Readable): Source => ({
  db,
  views: createRunViews(db),
  indexes: createIndexes(db),
});

/** The arguments of `run`, from which alone they are inferred. */
type Known<A extends readonly unknown[]> = A extends infer Input extends readonly unknown[] ? Input : never;

export type Read<A extends readonly unknown[], R> = {
  readonly kind: 'read';
  /**
   * The writer for what decides what happens next, the reader for lists and checks that a person looks at, the comparer for
   * what takes long and much memory.
   */
  readonly on: 'writer' | 'reader' | 'comparer';
  run(source: Source, ...input: A): R;
  /** The answer when no thread can give one. */
  readonly otherwise: R;
  /** Marks of gathered changes that it has to see (`LaterChange.marks`). Without it, it waits for all of them. */
  waitsFor?(...input: Known<A>): readonly string[];
  /** The key of the stored answer that was used just now; null when it was none. */
  used?(found: R, ...input: Known<A>): string | null;
};

export type Change<A extends readonly unknown[], R> = {
  readonly kind: 'change';
  run(db: Writable, ...input: A): R;
  readonly otherwise: R | ((...input: Known<A>) => R);
  /**
   * On disk before it is answered, with true; a power cut does not take it. False when it is not: then `in-memory-too` has
   * made it in memory for as long as the program runs, `on-disk-only` has not made it at all.
   */
  readonly lasts?: 'in-memory-too' | 'on-disk-only';
};

export type LaterChange<A extends readonly unknown[]> = {
  readonly kind: 'later-change';
  run(db: Writable, ...input: A): void;
  /** What it changes, for reads that need not wait for every gathered change. */
  marks?(...input: Known<A>): readonly string[];
  /** For what can be computed again: its bytes. Beyond 64 MiB in a group, or when the disk refuses, it is dropped. */
  expendableBytes?(...input: Known<A>): number;
};

export type AnyRead = Read<never, unknown>;
export type AnyChange = Change<never, unknown> | LaterChange<never>;
export type Queries = {
  readonly reads: Readonly<Record<string, AnyRead>>;
  readonly changes: Readonly<Record<string, AnyChange>>;
};

export const read = <A extends readonly unknown[], R>(declaration: {
  readonly on: Read<A, R>['on'];
  run(source: Source, ...input: A): R;
  readonly otherwise: NoInfer<R>;
  waitsFor?(...input: Known<A>): readonly string[];
  used?(found: NoInfer<R>, ...input: Known<A>): string | null;
}): Read<A, R> => ({ kind: 'read', ...declaration });

export const change = <A extends readonly unknown[], R>(declaration: {
  run(db: Writable, ...input: A): R;
  readonly otherwise: NoInfer<R> | ((...input: Known<A>) => NoInfer<R>);
  readonly lasts?: NonNullable<Change<A, R>['lasts']>;
}): Change<A, R> => ({ kind: 'change', ...declaration });

export const laterChange = <A extends readonly unknown[]>(declaration: {
  run(db: Writable, ...input: A): void;
  marks?(...input: Known<A>): readonly string[];
  expendableBytes?(...input: Known<A>): number;
}): LaterChange<A> => ({ kind: 'later-change', ...declaration });

/** The methods that callers have: a change that is not awaited gives back nothing. */
export type Calls<Q extends Queries> = {
  readonly [N in keyof Q['reads']]: CallOf<Q['reads'][N]>;
} & { readonly [N in keyof Q['changes']]: CallOf<Q['changes'][N]> };

type CallOf<D> =
  D extends Read<infer A, infer R>
    ? (...input: A) => Promise<R>
    : D extends Change<infer A, infer R>
      ? (...input: A) => Promise<R>
      : D extends LaterChange<infer A>
        ? (...input: A) => void
        : never;
