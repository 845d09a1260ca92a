import { asBuffer } from '../../lib/as-buffer.ts';

/** What Reconyx writes into its maker note. */
type ReconyxNote = { readonly temperatureC?: number; readonly serial?: string };

/** Bytes from the note's beginning: 16-bit °F and °C, and the serial number in UTF-16. Little-endian. */
type Layout = { readonly fahrenheit: number; readonly celsius: number; readonly serial: number };
const serialBytes = 28;

/*
 * HyperFire 2 and its successors begin with their name; HyperFire with a number. Source: ExifTool's table of tags, Reconyx.
 */
const hyperFire2: Layout = { fahrenheit: 0x4e, celsius: 0x50, serial: 0x7e };
const hyperFire: Layout = { fahrenheit: 0x26, celsius: 0x28, serial: 0x2a };

/** Temperature and serial number; nothing where the note is of another layout, which its two temperatures tell. */
export function readReconyx(note: Uint8Array): ReconyxNote {
  const bytes = asBuffer(note);
  const layout = layoutOf(bytes);
  if (!layout || bytes.byteLength < layout.serial + serialBytes) return {};
  const celsius = bytes.readInt16LE(layout.celsius);
  const fahrenheit = bytes.readInt16LE(layout.fahrenheit);
  // One of both is rounded from the other by the camera.
  if (Math.abs((fahrenheit - 32) / 1.8 - celsius) > 1) return {};
  const [serial = ''] = bytes.toString('utf16le', layout.serial, layout.serial + serialBytes).split('\0');
  return { temperatureC: celsius, ...(/^[\w-]+$/u.test(serial) && { serial }) };
}

function layoutOf(note: Buffer): Layout | null {
  if (note.toString('latin1', 0, 10) === 'RECONYXH2\0') return hyperFire2;
  return note.byteLength > 2 && note.readUInt16LE(0) === 0xf101 ? hyperFire : null;
}
