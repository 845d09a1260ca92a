import { failed, type Outcome } from '../../contract/faults/faults.ts';
import { reason, type Reason } from '../../contract/faults/reasons.ts';

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
const formats = ['uchar', 'char', 'ushort', 'short', 'uint', 'int', 'float', 'double'] as const;

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
    reason: reason('samples-unread', { samples: describe({ format, interpretation, bands }) }),
  });
}

function describe({ format, interpretation, bands }: Samples): Reason {
  if (/^(?:lab|labs|labq|xyz|lch)$/u.test(interpretation))
    return reason('colour-space', { space: interpretation.toUpperCase() });
  const known = formats.find((each) => each === format);
  const samples = known ? reason(`samples-${known}`) : reason('samples-other', { format });
  return format in readable ? reason('samples-in-channels', { samples, bands, interpretation }) : samples;
}
