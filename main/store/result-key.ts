import { canonicalResultKey } from '../../contract/result-key.ts';
import type { ResultKeyParts } from '../../contract/result-key.ts';
import { sha256Of } from '../lib/sha256.ts';

/** The name under which an answer is stored: `sha256:` and the SHA-256 of the parts' canonical text. */
export function resultKey(parts: ResultKeyParts): string {
  return sha256Of(canonicalResultKey(parts));
}
