import { basename } from 'node:path';
import { kebab } from '../layout/names.ts';

/** What a person reads: `four-rows.json` is "Four rows". */
export function titleOf(file: string): string {
  const words = basename(file)
    .replace(/\.[^.]+$/u, '')
    .replace(/[-_]+/gu, ' ')
    .trim();
  return `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}` || basename(file);
}

/** A pack's name for a file: `My_Model v2.onnx` is `my-model-v2`; null where the name has no such letters. */
export function packIdOf(file: string): string | null {
  const words = basename(file).replace(/\.[^.]+$/u, '');
  // An accent is no gap between two words.
  return kebab(words.normalize('NFKD').replace(/\p{M}/gu, '')) || null;
}
