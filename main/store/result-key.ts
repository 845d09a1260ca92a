import { canonicalResultKey } from '../../contract/runs/result-key.ts';
import type { ResultKeyParts } from '../../contract/runs/result-key.ts';
import { sha256Of } from '../lib/sha256.ts';

/** The key of a stored answer: `sha256:` and the SHA-256 of the canonical JSON of its parts. */
export function resultKey(parts: ResultKeyParts): string {
  return sha256Of(canonicalResultKey(parts));
}
