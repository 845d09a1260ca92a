import { env } from '../lib/paths.ts';
import type { Decoder } from './decoder.ts';

/** sharp where it is safe, wasm-vips in Electron on Linux: there sharp's second GLib takes the process down. */
export function decoderName(): Decoder['name'] {
  const isElectronOnLinux = process.versions['electron'] !== undefined && process.platform === 'linux';
  return isElectronOnLinux || env('OUTPOST_DECODER') === 'wasm-vips' ? 'wasm-vips' : 'sharp';
}

export async function openDecoder(): Promise<Decoder> {
  return decoderName() === 'wasm-vips'
    ? (await import('./vips-decoder.ts')).vipsDecoder()
    : (await import('./sharp-decoder.ts')).sharpDecoder();
}
