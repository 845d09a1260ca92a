import { failed, type Outcome } from '../../contract/faults.ts';

/** The loaders of libvips that are left open: nothing that slips through by its first bytes meets another. */
export const offeredLoaders = [
  'VipsForeignLoadJpeg',
  'VipsForeignLoadPng',
  'VipsForeignLoadWebp',
  'VipsForeignLoadTiff',
  'VipsForeignLoadNsgif',
  'VipsForeignLoadHeif',
] as const;

/** How libvips holds a decoded picture, in its own words, the same from both adapters. */
export type Samples = { readonly format: string; readonly interpretation: string; readonly bands: number };

// Colour spaces that become sRGB by a rule, with their channels: 8 bits as they are, 16 bits by their upper 8, CMYK by its profile.
const readable: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  uchar: { 'b-w': [1, 2], srgb: [3, 4], rgb: [3, 4], cmyk: [4] },
  ushort: { grey16: [1, 2], rgb16: [3, 4] },
};
const words: Readonly<Record<string, string>> = {
  uchar: '8-bit whole numbers',
  char: 'signed 8-bit whole numbers',
  ushort: '16-bit whole numbers',
  short: 'signed 16-bit whole numbers',
  uint: '32-bit whole numbers',
  int: 'signed 32-bit whole numbers',
  float: '32-bit floating-point numbers',
  double: '64-bit floating-point numbers',
};

/**
 * The fault for samples that no rule turns into colours, or null. Which number is white is not said by signed,
 * floating-point or 32-bit samples: a guess would answer a black or a white picture.
 */
export function samplesFault(
  { format, interpretation, bands }: Samples,
  name: string,
): Outcome<never> | null {
  if (readable[format]?.[interpretation]?.includes(bands)) return null;
  return failed('image-unreadable', {
    file: name,
    reason: `its samples are ${wordsOf({ format, interpretation, bands })}; 8 or 16 unsigned bits of grey or RGB, or 8 of CMYK, are read`,
  });
}

function wordsOf({ format, interpretation, bands }: Samples): string {
  if (/^(?:lab|labs|labq|xyz|lch)$/u.test(interpretation))
    return `colours of the space ${interpretation.toUpperCase()}`;
  const kind = words[format] ?? `${format} numbers`;
  return format in readable ? `${kind} in ${bands} channels (${interpretation})` : kind;
}
