import { basename } from 'node:path';
import { kebab } from '../layout/names.ts';

/** What a person reads: `four-rows.json` is "Four rows". */
export function titleOf(file: string): string {
  const title = basename(file)
    .replace(/\.[^.]+$/u, '')
    .replace(/[-_]+/gu, ' ')
    .trim();
  return `${title[0]?.toUpperCase() ?? ''}${title.slice(1)}` || basename(file);
}

/** A pack's name for a file: `My_Model v2.onnx` is `my-model-v2`; null where the name has no such letters. */
export function packIdOf(file: string): string | null {
  const title = basename(file).replace(/\.[^.]+$/u, '');
  // An accent is no gap between two words.
  return kebab(title.normalize('NFKD').replace(/\p{M}/gu, '')) || null;
}
