import { createHash } from 'node:crypto';
import { Version } from '../../../contract/ids.ts';

/** Protocols that know whole numbers only count a major version in millions: beyond this it would not stay exact. */
export const greatestNumber = Math.floor(Number.MAX_SAFE_INTEGER / 1_000_000) - 1;

/** The letters a to z and digits of a name, as an id has them; empty where it has none. */
export const kebab = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .slice(0, 80)
    .replace(/^-+|-+$/gu, '');

/** What the files of a bare model are kept under: `ResNet50_v2.onnx` gives `resnet50-v2-onnx`. Clients use the name itself. */
export const idOf = (name: string): string => kebab(name) || 'model';

/**
 * An id for each name: the plain one where no other name has it, or where it is the name itself; else with the start of
 * the name's digest. `beside`: names and ids of other models that may be in the same library.
 */
export function idsOf(names: readonly string[], beside: readonly string[]): ReadonlyMap<string, string> {
  const different = [...new Set(names)];
  const all = [...different, ...beside];
  return new Map(
    different.map((name) => {
      const id = idOf(name);
      const isAlone = all.every((other) => other === name || idOf(other) !== id);
      const isPlain = name === id || isAlone;
      return [name, isPlain ? id : `${id.slice(0, 71).replace(/-+$/u, '')}-${digestOf(name)}`];
    }),
  );
}

const digestOf = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 8);

export const isNumberFit = (number: number): boolean =>
  number <= greatestNumber && Version.safeParse(`${number}.0.0`).success;
