import readExif from 'exif-reader';
import { Camera } from '../../../contract/pictures/camera.ts';
import { asBuffer } from '../../lib/as-buffer.ts';
import { readReconyx } from './reconyx.ts';

/** Limit of text fields, in characters: names, not arbitrary data hidden in them. */
const mostCharacters = 120;
type Tags = Readonly<Record<string, unknown>>;

/** What an EXIF block says of the camera; null where it says nothing that is known, or is damaged. */
export function readCamera(exif: Uint8Array): Camera | null {
  const found = tagsIn(exif);
  if (!found) return null;
  const { image, photo, gps } = found;
  const make = textOf(image['Make']);
  const note = photo['MakerNote'];
  const maker = make && /^reconyx/iu.test(make) && note instanceof Uint8Array ? readReconyx(note) : {};
  const facts = {
    takenAt:
      timeOf(photo['DateTimeOriginal']) ?? timeOf(photo['DateTimeDigitized']) ?? timeOf(image['DateTime']),
    offset: offsetOf(photo['OffsetTimeOriginal'] ?? photo['OffsetTime']),
    make,
    model: textOf(image['Model']),
    serial: textOf(photo['BodySerialNumber']) ?? maker.serial,
    orientation: wholeOf(image['Orientation'], { from: 1, to: 8 }),
    ...placeOf(gps),
    temperatureC: numberOf(photo['Temperature'] ?? photo['AmbientTemperature']) ?? maker.temperatureC,
  };
  const camera = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  const parsed = Camera.safeParse(camera);
  return parsed.success && Object.keys(parsed.data).length > 0 ? parsed.data : null;
}

function tagsIn(exif: Uint8Array): { readonly image: Tags; readonly photo: Tags; readonly gps: Tags } | null {
  try {
    // A folder that is cut off is null there, whatever its types promise.
    const found = readExif(asBuffer(exif)) as unknown as Readonly<Record<string, Tags | null | undefined>>;
    return { image: found['Image'] ?? {}, photo: found['Photo'] ?? {}, gps: found['GPSInfo'] ?? {} };
  } catch {
    // Damaged EXIF is not an error of the photo.
    return null;
  }
}

function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const [text = ''] = value.split('\0');
  const plain = text
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, mostCharacters);
  return plain === '' ? undefined : plain;
}

/** Before there was EXIF no camera wrote a time: what says so is a clock that was never set. */
const firstYear = '1995';

/** The parser interprets local camera time as UTC. */
function timeOf(value: unknown): string | undefined {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return undefined;
  const time = value.toISOString().slice(0, 19);
  return /^\d{4}-/u.test(time) && time >= firstYear ? time : undefined;
}

function offsetOf(value: unknown): string | undefined {
  const text = textOf(value);
  if (text === 'Z') return '+00:00';
  return text !== undefined && /^[+-](?:0\d|1[0-4]):[0-5]\d$/u.test(text) ? text : undefined;
}

const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

function wholeOf(value: unknown, { from, to }: { from: number; to: number }): number | undefined {
  const number = numberOf(value);
  return number !== undefined && Number.isInteger(number) && number >= from && number <= to
    ? number
    : undefined;
}

/** Degrees to a tenth of a metre. 0° 0′ is what receivers write that had no fix, and no place for a camera. */
function placeOf(gps: Tags): Pick<Camera, 'latitude' | 'longitude' | 'altitudeM'> {
  const latitude = degreesOf(gps['GPSLatitude'], gps['GPSLatitudeRef'] === 'S', 90);
  const longitude = degreesOf(gps['GPSLongitude'], gps['GPSLongitudeRef'] === 'W', 180);
  if (latitude === undefined || longitude === undefined) return {};
  if ((latitude === 0 && longitude === 0) || gps['GPSStatus'] === 'V') return {};
  const above = numberOf(gps['GPSAltitude']);
  const isBelow = gps['GPSAltitudeRef'] === 1 || (gps['GPSAltitudeRef'] as Uint8Array | undefined)?.[0] === 1;
  return {
    latitude,
    longitude,
    ...(above !== undefined && { altitudeM: Math.round((isBelow ? -above : above) * 10) / 10 }),
  };
}

function degreesOf(value: unknown, isNegative: boolean, most: number): number | undefined {
  if (!Array.isArray(value) || value.length !== 3) return undefined;
  const [degrees, minutes, seconds] = value.map((part) => numberOf(part) ?? Number.NaN);
  const sum = degrees! + minutes! / 60 + seconds! / 3600;
  if (!(sum >= 0 && sum <= most)) return undefined;
  return (Math.round(sum * 1e6) / 1e6) * (isNegative ? -1 : 1);
}
