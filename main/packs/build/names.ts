import { basename } from 'node:path';

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
  const id = basename(file)
    .replace(/\.[^.]+$/u, '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/gu, '-')
    .slice(0, 80)
    .replace(/^-+|-+$/gu, '');
  return id === '' ? null : id;
}
