import { z } from 'zod';
import { assertNever } from '../assert.ts';
import { Fault } from '../faults/faults.ts';
import { FileRef, RunId } from '../ids.ts';
import { Receipt } from './receipt.ts';

const count = z.number().int();
const bytes = z.number();

/** An earlier copy of a card: `files` are those that it holds; `at` is ISO 8601 UTC, of its end or, if it has none, of its start. */
const EarlierCopy = z.strictObject({ site: z.string().nullable(), at: z.string(), files: count });
type EarlierCopy = z.infer<typeof EarlierCopy>;

/** What is on a card: `known` of its files are in an earlier copy of it. */
const sums = { photos: count, files: count, bytes };
const CardContent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('counting'), ...sums }),
  z.strictObject({ kind: z.literal('counted'), ...sums, known: count }),
  /** It cannot be looked into. */
  z.strictObject({ kind: z.literal('unreadable') }),
]);
type CardContent = z.infer<typeof CardContent>;

/** A card that is plugged in, or a folder that a person named as one. */
export const SeenCard = z.strictObject({
  /** Stands for the folder where it is mounted. */
  ref: FileRef,
  /** What it was called when it was formatted, or its folder. */
  name: z.string(),
  isVolume: z.boolean(),
  /** The copy that reads this very card, or waits for it; another one may have the same name. */
  copy: z.string().nullable(),
  content: CardContent,
  /** The newest copy that was ended. */
  before: EarlierCopy.nullable(),
  /** The newest copy, where it was never ended: it is gone on with. */
  begun: EarlierCopy.nullable(),
});
export type SeenCard = z.infer<typeof SeenCard>;

/** How far a copy is. What an earlier copy holds counts as done once it was read back. */
export const CopyProgress = z.strictObject({
  files: count,
  bytes,
  done: count,
  doneBytes: bytes,
  /** Read from the card in the last few seconds; 0 until known. */
  bytesPerS: z.number(),
  leftMs: z.number().nullable(),
  /** Photos that look damaged on the card itself. */
  flawed: count,
});
export type CopyProgress = z.infer<typeof CopyProgress>;

/*
 * A card on its way into a folder of this computer.
 *
 *                         ┌────gone───> away
 *                         │   <──back────┘ │
 *   start ──> looking ──looked──> copying ─┼──end──> copied   a receipt says whether the card may be formatted
 *                │                   │     │
 *                ├───────stop────────┴─────┴──────> stopped   what is copied stays; the same copy goes on where it was
 *                └───────fail────────┴────────────> failed    likewise
 */
const base = {
  id: z.string().max(40),
  /** Name of the card. */
  card: z.string(),
  /** Where the camera stood. */
  site: z.string().nullable(),
  /** ISO 8601 UTC. */
  startedAt: z.string(),
};
export const CardCopy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('looking'), ...base }),
  z.strictObject({ kind: z.literal('copying'), ...base, progress: CopyProgress }),
  z.strictObject({ kind: z.literal('away'), ...base, progress: CopyProgress, fault: Fault }),
  z.strictObject({
    kind: z.literal('copied'),
    ...base,
    receipt: Receipt,
    /** The run over the copy, once there is one. */
    run: RunId.nullable(),
  }),
  z.strictObject({ kind: z.literal('stopped'), ...base, progress: CopyProgress.nullable() }),
  z.strictObject({ kind: z.literal('failed'), ...base, fault: Fault }),
]);
export type CardCopy = z.infer<typeof CardCopy>;

export type CopyStep =
  | { readonly kind: 'looked' | 'went-on'; readonly progress: CopyProgress }
  | { readonly kind: 'gone'; readonly fault: Fault }
  | { readonly kind: 'back' }
  | { readonly kind: 'end'; readonly receipt: Receipt }
  | { readonly kind: 'stop' }
  | { readonly kind: 'fail'; readonly fault: Fault }
  | { readonly kind: 'answer'; readonly run: string };

/** The copy after a step; a step that its state does not know leaves it as it is. */
export function stepCopy(copy: CardCopy, step: CopyStep): CardCopy {
  const { id, card, site, startedAt } = copy;
  const same = { id, card, site, startedAt };
  const progress = progressOf(copy);
  if (!isCopyLive(copy))
    return copy.kind === 'copied' && step.kind === 'answer' ? { ...copy, run: step.run } : copy;
  switch (step.kind) {
    case 'looked':
      return { kind: 'copying', ...same, progress: step.progress };
    case 'went-on':
      return copy.kind === 'copying' ? { ...copy, progress: step.progress } : copy;
    case 'gone':
      return progress ? { kind: 'away', ...same, progress, fault: step.fault } : copy;
    case 'back':
      return progress ? { kind: 'copying', ...same, progress } : copy;
    case 'end':
      return { kind: 'copied', ...same, receipt: step.receipt, run: null };
    case 'stop':
      return { kind: 'stopped', ...same, progress };
    case 'fail':
      return { kind: 'failed', ...same, fault: step.fault };
    case 'answer':
      return copy;
    default:
      return assertNever(step);
  }
}

/** How far a copy is that has been looked through and is not over; else null. */
export const progressOf = (copy: CardCopy): CopyProgress | null =>
  copy.kind === 'copying' || copy.kind === 'away' ? copy.progress : null;

/** Whether the card is read, or waited for. */
export const isCopyLive = ({ kind }: Pick<CardCopy, 'kind'>): boolean =>
  kind === 'looking' || kind === 'copying' || kind === 'away';
