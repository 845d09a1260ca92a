/** EXIF blocks, tag by tag, so that a test says what is in them. Source: TIFF 6.0, section 2; CIPA DC-008. */

type Value =
  | { readonly type: 'ascii'; readonly text: string }
  | { readonly type: 'short' | 'byte'; readonly value: number }
  | { readonly type: 'rational' | 'srational'; readonly values: readonly (readonly [number, number])[] }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array };
export type Tags = Readonly<Record<number, Value>>;

export const ascii = (text: string): Value => ({ type: 'ascii', text });
export const short = (value: number): Value => ({ type: 'short', value });
export const byte = (value: number): Value => ({ type: 'byte', value });
export const rational = (...values: (readonly [number, number])[]): Value => ({ type: 'rational', values });
export const srational = (...values: (readonly [number, number])[]): Value => ({ type: 'srational', values });
export const bytes = (content: Uint8Array): Value => ({ type: 'bytes', bytes: content });

export const tag = {
  make: 0x010f,
  model: 0x0110,
  orientation: 0x0112,
  time: 0x0132,
  timeOriginal: 0x9003,
  offsetOriginal: 0x9011,
  makerNote: 0x927c,
  temperature: 0x9400,
  serial: 0xa431,
  latitudeRef: 1,
  latitude: 2,
  longitudeRef: 3,
  longitude: 4,
  altitudeRef: 5,
  altitude: 6,
};
const pointer = { exif: 0x8769, gps: 0x8825 };
const types = { byte: 1, ascii: 2, short: 3, long: 4, rational: 5, bytes: 7, srational: 10 };

export type Block = {
  readonly image?: Tags;
  readonly photo?: Tags;
  readonly gps?: Tags;
  readonly thumbnail?: Uint8Array;
};

/** A block with its head, in either order of bytes. */
export function exifBlock({ image = {}, photo, gps, thumbnail }: Block, isLittle = true): Buffer {
  let tiff = Buffer.alloc(8);
  const two = (value: number): Buffer => {
    const out = Buffer.alloc(2);
    if (isLittle) out.writeUInt16LE(value);
    else out.writeUInt16BE(value);
    return out;
  };
  const four = (value: number): Buffer => {
    const out = Buffer.alloc(4);
    if (isLittle) out.writeInt32LE(value | 0);
    else out.writeInt32BE(value | 0);
    return out;
  };
  const content = (value: Value): { count: number; data: Buffer } => {
    switch (value.type) {
      case 'ascii': {
        const data = Buffer.from(`${value.text}\0`, 'latin1');
        return { count: data.byteLength, data };
      }
      case 'short':
        return { count: 1, data: two(value.value) };
      case 'byte':
        return { count: 1, data: Buffer.of(value.value) };
      case 'bytes':
        return { count: value.bytes.byteLength, data: Buffer.from(value.bytes) };
      default:
        return {
          count: value.values.length,
          data: Buffer.concat(value.values.flatMap(([over, under]) => [four(over), four(under)])),
        };
    }
  };
  const append = (data: Buffer): number => {
    const at = tiff.byteLength;
    tiff = Buffer.concat([tiff, data, Buffer.alloc(data.byteLength % 2)]);
    return at;
  };
  /** Entries in order; `links` are pointers to folders that were written before. */
  const folder = (tags: Tags, links: Readonly<Record<number, number>>, next = 0): number => {
    const rows = Object.entries(tags).map(([number, value]) => {
      const { count, data } = content(value);
      const place =
        data.byteLength <= 4 ? Buffer.concat([data, Buffer.alloc(4 - data.byteLength)]) : four(append(data));
      return {
        number: Number(number),
        row: Buffer.concat([two(Number(number)), two(types[value.type]), four(count), place]),
      };
    });
    for (const [number, at] of Object.entries(links))
      rows.push({
        number: Number(number),
        row: Buffer.concat([two(Number(number)), two(types.long), four(1), four(at)]),
      });
    rows.sort((a, b) => a.number - b.number);
    return append(Buffer.concat([two(rows.length), ...rows.map(({ row }) => row), four(next)]));
  };
  const links: Record<number, number> = {};
  if (photo) links[pointer.exif] = folder(photo, {});
  if (gps) links[pointer.gps] = folder(gps, {});
  const small =
    thumbnail && folder({}, { 0x0201: append(Buffer.from(thumbnail)), 0x0202: thumbnail.byteLength });
  const first = folder(image, links, small ?? 0);
  tiff.write(isLittle ? 'II' : 'MM', 0, 'latin1');
  two(42).copy(tiff, 2);
  four(first).copy(tiff, 4);
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
}

/** A JPEG with this block, and other parts of type `marker`, in front of everything else. */
export function withBlock(
  jpeg: Uint8Array,
  block: Uint8Array,
  others: readonly (readonly [number, Uint8Array])[] = [],
): Buffer {
  const part = (marker: number, content: Uint8Array): Buffer => {
    const head = Buffer.of(0xff, marker, 0, 0);
    head.writeUInt16BE(content.byteLength + 2, 2);
    return Buffer.concat([head, content]);
  };
  return Buffer.concat([
    jpeg.subarray(0, 2),
    part(0xe1, block),
    ...others.map(([marker, content]) => part(marker, content)),
    jpeg.subarray(2),
  ]);
}

/** A photo of a camera with everything that is read. */
export const fullBlock: Block = {
  image: { [tag.make]: ascii('Acme'), [tag.model]: ascii('Trail 5'), [tag.orientation]: short(6) },
  photo: {
    [tag.timeOriginal]: ascii('2026:05:01 23:59:30'),
    [tag.offsetOriginal]: ascii('+02:00'),
    [tag.serial]: ascii('SN-77'),
    [tag.temperature]: srational([-35, 10]),
    [tag.makerNote]: bytes(Buffer.from('a note of the maker with a preview in it')),
  },
  gps: {
    [tag.latitudeRef]: ascii('S'),
    [tag.latitude]: rational([1, 1], [17, 1], [2400, 100]),
    [tag.longitudeRef]: ascii('E'),
    [tag.longitude]: rational([36, 1], [49, 1], [1200, 100]),
    [tag.altitudeRef]: byte(0),
    [tag.altitude]: rational([17950, 10]),
  },
  thumbnail: Buffer.from('a small picture of who was there'),
};
