import type { Readable, Writable } from './database.ts';
import { createRunViews } from './runs/views.ts';
import type { RunViews } from './runs/views.ts';
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

/** A connection with the in-memory views and indexes that belong to it. */
export type Source = { readonly db: Readable; readonly views: RunViews; readonly indexes: Indexes };

export const sourceOf = (db: Readable): Source => ({
  db,
  views: createRunViews(db),
  indexes: createIndexes(db),
});

/** Keeps `R` and the other members from taking part in inferring the arguments: those of `run` alone decide. */
type Known<A extends readonly unknown[]> = A extends infer Input extends readonly unknown[] ? Input : never;

export type Read<A extends readonly unknown[], R> = {
  readonly kind: 'read';
  /**
   * The writer for reads that decide what happens next, the reader for lists and checks shown to a person, the comparer
   * for reads that take long and much memory.
   */
  readonly on: 'writer' | 'reader' | 'comparer';
  run(source: Source, ...input: A): R;
  /** The result when no thread can answer. */
  readonly otherwise: R;
  /**
   * Marks of the pending changes that this read must see (`LaterChange.marks`). Without it, the read waits for all of
   * them.
   */
  waitsFor?(...input: Known<A>): readonly string[];
  /** The key of the stored answer that this read used; null for none. */
  used?(found: R, ...input: Known<A>): string | null;
};

export type Change<A extends readonly unknown[], R> = {
  readonly kind: 'change';
  run(db: Writable, ...input: A): R;
  readonly otherwise: R | ((...input: Known<A>) => R);
  /**
   * Committed to disk before the reply, which is true; it survives a power cut. The reply is false when the disk
   * refused: then `in-memory-too` has applied the change in memory until the program ends, and `on-disk-only` has not
   * applied it at all.
   */
  readonly lasts?: 'in-memory-too' | 'on-disk-only';
};

export type LaterChange<A extends readonly unknown[]> = {
  readonly kind: 'later-change';
  run(db: Writable, ...input: A): void;
  /** Names what the change touches, so that unrelated reads need not wait for it. */
  marks?(...input: Known<A>): readonly string[];
  /**
   * Set for values that can be computed again: their size in bytes. Beyond 64 MiB in a group, or when the disk refuses,
   * they are dropped.
   */
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

/** The methods of the store; a change that is not awaited returns nothing. */
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
