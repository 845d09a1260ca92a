import { createHash, randomBytes } from 'node:crypto';

const prefix = 'outpost_';

type Secret = { readonly text: string; readonly hash: string; readonly tail: string };

/** 256 random bits as `outpost_<base64url>`: nobody can guess it, so that a plain SHA-256 keeps it. */
export function newSecret(): Secret {
  const text = `${prefix}${randomBytes(32).toString('base64url')}`;
  return { text, hash: hashOf(text), tail: text.slice(-4) };
}

/** Lower-case hexadecimal SHA-256 of the text. */
export const hashOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
