import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ascii, exifBlock, tag, withBlock } from '../worker/exif-blocks.ts';
import { fixture } from './launch.ts';

const originals = ['rocket.jpg', 'hubble_deep_field.jpg', 'retina.jpg'];
const bad = ['claims-60000x60000.png', 'empty.jpg', 'text.jpg', 'truncated.jpg'];

/** `count` photos that look alike and are all different files, so that none is answered from what is kept. */
export function writePhotos(folder: string, count: number): void {
  mkdirSync(folder, { recursive: true });
  const photos = originals.map((name) => readFileSync(fixture('photos', name)));
  for (let at = 0; at < count; at += 1) {
    const photo = photos[at % photos.length]!;
    // Behind the end of a JPEG anything may follow.
    const file = path.join(folder, `photo-${String(at).padStart(4, '0')}.jpg`);
    writeFileSync(file, Buffer.concat([photo, Buffer.from(`${at}`)]));
  }
}

/** Files that are no photos, each in its own way; returns their names. */
export function writeBadPhotos(folder: string): readonly string[] {
  mkdirSync(folder, { recursive: true });
  for (const name of bad) copyFileSync(fixture('bad', name), path.join(folder, name));
  return bad;
}

type Taken = { readonly name: string; readonly serial: string; readonly at: string };

/** A photo that says which camera took it, and when by its clock (`2026:05:01 08:00:00`). */
export function writeTaken(folder: string, { name, serial, at }: Taken): void {
  mkdirSync(folder, { recursive: true });
  const block = exifBlock({
    image: { [tag.make]: ascii('Acme'), [tag.model]: ascii('Trail 5') },
    photo: { [tag.timeOriginal]: ascii(at), [tag.serial]: ascii(serial) },
  });
  writeFileSync(path.join(folder, name), withBlock(readFileSync(fixture('photos', 'rocket.jpg')), block));
}
