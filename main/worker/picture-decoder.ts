import { env } from '../lib/paths.ts';
import type { Decoder } from './decoder.ts';

/** sharp where it is safe, wasm-vips in Electron on Linux: there sharp's second GLib takes the process down. */
export async function openDecoder(): Promise<Decoder> {
  const isElectronOnLinux = process.versions['electron'] !== undefined && process.platform === 'linux';
  if (isElectronOnLinux || env('OUTPOST_DECODER') === 'wasm-vips')
    return (await import('./vips-decoder.ts')).vipsDecoder();
  return (await import('./sharp-decoder.ts')).sharpDecoder();
}
