import {
  elementCount,
  isFloatType,
  numericCodecs,
  viewOf,
} from '../../../../contract/tensors/tensor-codec.ts';
import { elementBytes } from '../../../../contract/tensors/tensor.ts';
import type { ElementType, TensorBytes } from '../../../../contract/tensors/tensor.ts';
import { joinTexts } from '../../../lib/length-prefixed.ts';

/** One request's tensors. */
export type Specimen = readonly TensorBytes[];
export type Random = () => number;

/**
 * A way to make up one row. Whole numbers stay small and never below zero, since they are mostly indices into a table;
 * `{0, 1}` fits even masks and segment numbers, so most kinds keep to it.
 */
export type Kind = {
  /** A float element; `scale` is drawn once for each row. */
  readonly float: (random: Random, scale: number) => number;
  readonly scale: (random: Random) => number;
  /** Whole numbers from `least`, so many. */
  readonly whole: { readonly least: number; readonly count: number };
  readonly text: 'phrases' | 'digits';
};

const one = (): number => 1;
export const kinds: readonly Kind[] = [
  { float: normal, scale: one, whole: { least: 0, count: 2 }, text: 'phrases' },
  { float: (random) => random(), scale: one, whole: { least: 0, count: 2 }, text: 'digits' },
  // Rows of very different magnitude: values leaking from one row into another stand out.
  {
    float: (random, scale) => normal(random) * scale,
    scale: (random) => 10 ** (6 * random() - 3),
    whole: { least: 0, count: 2 },
    text: 'phrases',
  },
  { float: (random) => random() * 255, scale: one, whole: { least: 0, count: 4 }, text: 'digits' },
  {
    float: (random) => (random() < 0.7 ? 0 : normal(random)),
    scale: one,
    whole: { least: 0, count: 2 },
    text: 'phrases',
  },
  // Alternating signs: a filter on a sign keeps only every other row.
  {
    float: (random, scale) => scale * (0.1 + random()),
    scale: (random) => (random() < 0.5 ? -1 : 1),
    whole: { least: 1, count: 2 },
    text: 'digits',
  },
  { float: normal, scale: one, whole: { least: 0, count: 10 }, text: 'phrases' },
];

/** One row in the form of `like`, whose first dimension does not matter. */
export function makeRow(like: Specimen, kind: Kind, random: Random): Specimen {
  const scale = kind.scale(random);
  return like.map(({ name, type, dims }) => {
    const count = elementCount(dims.slice(1));
    return { name, type, dims: [1, ...dims.slice(1)], data: fill(type, count, { kind, random, scale }) };
  });
}

/** Whether all inputs are byte-identical. */
export const isSame = (left: Specimen, right: Specimen): boolean =>
  left.every(({ data }, at) => Buffer.compare(data, right[at]?.data ?? new Uint8Array()) === 0);

/** A seeded generator: a proof has the same outcome every time. */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

type Filling = { readonly kind: Kind; readonly random: Random; readonly scale: number };

function fill(type: ElementType, count: number, { kind, random, scale }: Filling): Uint8Array {
  const { least, count: values } = kind.whole;
  const whole = (): number => least + Math.floor(random() * values);
  if (type === 'string') return joinTexts(Array.from({ length: count }, () => textOf(kind, random)));
  const data = new Uint8Array(count * elementBytes[type]);
  const view = viewOf(data);
  const { write } = numericCodecs[type];
  const isFloat = isFloatType(type);
  for (let at = 0; at < count; at += 1) {
    const value = isFloat ? kind.float(random, scale) : type === 'bool' ? Number(random() < 0.5) : whole();
    write(view, at * elementBytes[type], value);
  }
  return data;
}

const phrases = ['river', 'hill', 'a', 'The stone', 'blue', 'é', 'seven small birds', 'x1'] as const;

function textOf({ text }: Kind, random: Random): string {
  if (text === 'digits') return String(Math.floor(random() * 10));
  return phrases[Math.floor(random() * phrases.length)] ?? '';
}
