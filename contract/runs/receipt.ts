import { z } from 'zod';

/** A path below the card's root, with `/` between the steps, and what is wrong with it. */
const Flawed = z.strictObject({ file: z.string(), why: z.string() });

/**
 * What became of a card: its files, all of them, and whether it may be formatted. It lies beside the copy, as JSON and as text.
 */
export const Receipt = z.strictObject({
  form: z.literal('outpost-card-receipt/1'),
  appVersion: z.string(),
  card: z.strictObject({
    /** What the card was given when it was formatted; null where it cannot be read. */
    volume: z.string().nullable(),
    label: z.string().nullable(),
    /** Where it was read last. */
    place: z.string(),
  }),
  /** Where the camera stood. */
  site: z.string().nullable(),
  /** The folder of the copy; where nothing was copied there is none, and this is the earlier one with most of the files. */
  copy: z.string(),
  /** ISO 8601 UTC. */
  startedAt: z.string(),
  endedAt: z.string(),
  /** On the card, without what computers wrote there. */
  files: z.number().int(),
  bytes: z.number().int(),
  copied: z.number().int(),
  /** In earlier copies of this card, read back and the same. */
  alreadyCopied: z.array(z.strictObject({ copy: z.string(), files: z.number().int() })),
  /** Photos that look damaged on the card itself; they are copied as they are. At most a thousand are named. */
  flawed: z.array(Flawed),
  flawedCount: z.number().int(),
  /** What could not be copied. */
  missing: z.array(Flawed),
  missingCount: z.number().int(),
  /** Passed over: what systems wrote, and links. */
  passedOver: z.strictObject({ system: z.number().int(), link: z.number().int() }),
  mayBeFormatted: z.boolean(),
  /** Why, in sentences. */
  because: z.array(z.string()),
});
export type Receipt = z.infer<typeof Receipt>;

/** Whether all of the card is in earlier copies: then nothing was copied, and there is no receipt but the earlier ones. */
export const wasAllKnown = ({
  copied,
  missing,
  alreadyCopied,
}: Pick<Receipt, 'copied' | 'missing' | 'alreadyCopied'>): boolean =>
  copied === 0 && missing.length === 0 && alreadyCopied.length > 0;
