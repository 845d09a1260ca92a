import { basename } from 'node:path';
import { kebab } from '../layout/names.ts';

/** A title from a file name: `four-rows.json` becomes "Four rows". */
export function titleOf(file: string): string {
  const title = basename(file)
    .replace(/\.[^.]+$/u, '')
    .replace(/[-_]+/gu, ' ')
    .trim();
  return `${title[0]?.toUpperCase() ?? ''}${title.slice(1)}` || basename(file);
}

/**
 * A pack id from a file name: `My_Model v2.onnx` becomes `my-model-v2`; null where the name has no letters or digits to
 * use.
 */
export function packIdOf(file: string): string | null {
  const title = basename(file).replace(/\.[^.]+$/u, '');
  // Accents are removed, so that they do not split a word.
  return kebab(title.normalize('NFKD').replace(/\p{M}/gu, '')) || null;
}
