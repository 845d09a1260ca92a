import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { cacheRoot, root } from '../setup/paths.mjs';

const folder = path.join(cacheRoot, 'bench', 'photos-1');
const megapixels = [2, 3, 4, 6, 8, 12];
const sources = [
  'astronaut.png',
  'chelsea.png',
  'coffee.png',
  'rocket.jpg',
  'retina.jpg',
  'hubble_deep_field.jpg',
];

/** Absolute paths of `count` JPEG photos of 2 to 12 megapixels, made once from the fixtures and kept in the cache folder. */
export async function benchPhotos(count, log) {
  if (!existsSync(path.join(folder, '.complete-120'))) {
    log('Making 120 photos of 2 to 12 megapixels …');
    await make(120);
  }
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.jpg'))
    .sort();
  return files.slice(0, count).map((name) => path.join(folder, name));
}

async function make(count) {
  const staging = `${folder}.${process.pid}`;
  mkdirSync(staging, { recursive: true });
  for (let at = 0; at < count; at += 1) {
    const pixels = megapixels[at % megapixels.length] * 1e6;
    const height = Math.round(Math.sqrt(pixels / 1.5));
    const source = path.join(
      root,
      'test',
      'fixtures',
      'photos',
      sources[(at * 5 + Math.floor(at / 6)) % sources.length],
    );
    const name = `${String(at).padStart(3, '0')}-${megapixels[at % megapixels.length]}mp.jpg`;
    await sharp(source)
      .resize(Math.round(height * 1.5), height, { fit: 'cover' })
      .modulate({ brightness: 0.8 + (at % 20) / 50, hue: (at * 37) % 360 })
      .toColourspace('srgb')
      .jpeg({ quality: 88 })
      .toFile(path.join(staging, name));
  }
  mkdirSync(path.join(staging, `.complete-${count}`));
  rmSync(folder, { recursive: true, force: true });
  renameSync(staging, folder);
}
