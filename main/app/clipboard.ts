import { fileURLToPath } from 'node:url';
import { clipboard } from 'electron';
import type { NativeImage } from 'electron';

/*
 * Two clipboards: up to some release Electron's answered at once and knew pictures; today's follows the web's and gives
 * items by media type. Both are spoken, because the runtime that a checkout is tested with may be the older one.
 */
type OlderClipboard = {
  readImage(): NativeImage;
  read(format: string): string;
  readBuffer(format: string): Buffer;
};
const older = 'readImage' in clipboard ? (clipboard as unknown as OlderClipboard) : null;

/** Clipboard formats of copied files, by platform. */
const fileFormats: Readonly<Record<string, readonly string[]>> = {
  linux: ['text/uri-list', 'x-special/gnome-copied-files'],
  darwin: ['public.file-url'],
  win32: ['FileNameW'],
};

/** Absolute paths of files that were copied; none when there are none. */
export async function copiedFiles(): Promise<readonly string[]> {
  for (const format of fileFormats[process.platform] ?? []) {
    const bytes = await readFormat(format);
    if (bytes && bytes.byteLength > 0) return pathsIn(bytes, format);
  }
  return [];
}

/** A copied picture as PNG, or null. */
export async function copiedPicture(): Promise<Uint8Array | null> {
  if (older) {
    const image = older.readImage();
    return image.isEmpty() ? null : image.toPNG();
  }
  return readType('image/png');
}

export async function copyText(text: string): Promise<void> {
  await clipboard.writeText(text);
}

/** Paths out of a URI list, or out of the one name that Windows gives. */
function pathsIn(bytes: Uint8Array, format: string): readonly string[] {
  const buffer = Buffer.from(bytes);
  if (format === 'FileNameW')
    return [buffer.toString('utf16le').split('\0')[0]!].filter((name) => name !== '');
  const lines = buffer.toString('utf8').split(/[\r\n\0]+/u);
  return lines.filter((line) => line.startsWith('file:')).flatMap(pathOfUrl);
}

async function readFormat(format: string): Promise<Uint8Array | null> {
  if (older)
    return process.platform === 'win32' ? older.readBuffer(format) : Buffer.from(older.read(format), 'utf8');
  return (await readType(`electron application/osclipboard;format="${format}"`)) ?? (await readType(format));
}

async function readType(type: string): Promise<Uint8Array | null> {
  for (const item of await clipboard.read()) {
    if (!item.types.includes(type)) continue;
    const content = await item.getType(type);
    if (content instanceof Blob) return new Uint8Array(await content.arrayBuffer());
  }
  return null;
}

function pathOfUrl(line: string): readonly string[] {
  try {
    return [fileURLToPath(line)];
  } catch {
    return [];
  }
}
