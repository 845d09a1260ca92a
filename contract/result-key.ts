/**
 * How this Outpost makes answers: the decoder, which output is scored and how, what is joined to what. To be raised by one
 * whenever the same input may get other numbers from the same pack, so that answers made before are found no more.
 *
 *   0  before it was counted
 *   1  pictures judged by their bytes, a second look at damaged JPEGs, the scored output named, rows joined only where proved
 */
export const answerMethod = 1;

/** What decides an answer's numbers; two requests with the same parts get the same stored answer. */
export type ResultKeyParts = {
  readonly input: string;
  readonly pack: string;
  readonly variant: string;
  readonly provider: string;
  readonly settings: string;
  /** As `answerMethod`, which it is when nothing is said. */
  readonly method?: number;
};

/** Canonical JSON (keys sorted, no spaces), whose SHA-256 is the result key. Method 0 is not in it. */
export function canonicalResultKey(parts: ResultKeyParts): string {
  const { input, method = answerMethod, pack, provider, settings, variant } = parts;
  return JSON.stringify({ input, ...(method > 0 && { method }), pack, provider, settings, variant });
}
