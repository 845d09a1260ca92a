/** What decides an answer's numbers; two requests with the same parts get the same stored answer. */
export type ResultKeyParts = {
  readonly input: string;
  readonly pack: string;
  readonly variant: string;
  readonly provider: string;
  readonly settings: string;
};

/** Canonical JSON (keys sorted, no spaces), whose SHA-256 is the result key. */
export function canonicalResultKey(parts: ResultKeyParts): string {
  const { input, pack, provider, settings, variant } = parts;
  return JSON.stringify({ input, pack, provider, settings, variant });
}
