import { createHash } from 'node:crypto';
import type { Document } from './document.ts';

/** Canonical JSON as signed by The Update Framework: sorted names, no whitespace, only quote and backslash escaped. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'string') return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : Number(one > other)));
  return `{${pairs.map(([name, inner]) => `${canonical(name)}:${canonical(inner)}`).join(',')}}`;
}

/** SHA-256 of the signed part; formatting of the file and order of signatures do not matter. */
export const digestOf = (document: Pick<Document, 'signed'>): string =>
  createHash('sha256').update(canonical(document.signed)).digest('hex');
