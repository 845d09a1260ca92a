import { createHash } from 'node:crypto';
import { Version } from '../../../contract/ids.ts';

/** Protocols with integer versions encode a major version in millions: a larger number would not be exact. */
export const greatestNumber = Math.floor(Number.MAX_SAFE_INTEGER / 1_000_000) - 1;

/** A name reduced to a-z, digits and hyphens; empty when nothing is left. */
export const kebab = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .slice(0, 80)
    .replace(/^-+|-+$/gu, '');

/** The id of a bare model's pack: `ResNet50_v2.onnx` becomes `resnet50-v2-onnx`. Clients use the name itself. */
export const idOf = (name: string): string => kebab(name) || 'model';

/**
 * An id for each name: the plain one if no other name has it, or if it equals the name; else with the start of the
 * name's digest. `beside`: names and ids of other models in the same library.
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
