import type { Question, Reply } from './worker-link.ts';

export type Work = { readonly question: Question; readonly blobs: readonly Uint8Array[] };
export type Answered = {
  readonly reply: Reply;
  readonly blobs: readonly Uint8Array[];
  /** Milliseconds before a worker had it. */
  readonly queueMs: number;
};
