/**
 * Version of the method by which answers are computed: decoder, which output is scored and how, what is batched.
 * Increase it whenever the same input may get other numbers from the same pack, so that older answers are no longer
 * found.
 *
 * 0  before it was counted
 * 1  pictures detected by content, damaged JPEGs decoded again, the score output named, rows batched only where proved
 */
export const resultMethod = 1;

/** What determines an answer's numbers; requests with the same parts share a stored answer. */
export type ResultKeyParts = {
  readonly input: string;
  readonly pack: string;
  readonly variant: string;
  readonly provider: string;
  readonly settings: string;
  /** Default: `resultMethod`. */
  readonly method?: number;
};

/** Canonical JSON (sorted keys, no spaces), whose SHA-256 is the result key. Method 0 is omitted. */
export function canonicalResultKey(parts: ResultKeyParts): string {
  const { input, method = resultMethod, pack, provider, settings, variant } = parts;
  return JSON.stringify({ input, ...(method > 0 && { method }), pack, provider, settings, variant });
}
