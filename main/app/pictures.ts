import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Engine } from '../engine/index.ts';
import { fsPath } from '../lib/file-names.ts';
import type { Files } from './files.ts';
import { plainHeaders } from './page.ts';
import { pictureType } from './picture-type.ts';
import { rangeOf } from './range.ts';
import { Recent } from './recent.ts';
import type { Host } from './scheme.ts';

const photoEdge = 2048;
/** Above this a page would hold too much: it gets a smaller copy. */
const photoBytes = 64 * 1024 ** 2;
const thumbnailBytes = 48 * 1024 ** 2;

type PictureParts = {
  readonly files: Files;
  readonly engine: () => Promise<Pick<Engine, 'thumbnail'>>;
};

/** `outpost://photo/<ref>`: the file itself where Chromium shows its kind, otherwise a JPEG of it. */
export function photoHost({ files, engine }: PictureParts): Host {
  return async (url, request) => {
    const path = pathOf(files, url);
    if (!path) return null;
    const file = await openPlain(path);
    if (!file) return null;
    const type = file.size <= photoBytes ? await pictureType(file.handle) : null;
    if (type) return stream(file, type, request);
    await file.handle.close();
    const thumbnail = await (await engine()).thumbnail(path, photoEdge, { signal: request.signal });
    return thumbnail.ok ? jpeg(thumbnail.value.jpeg, 'no-cache') : null;
  };
}

/** `outpost://thumb/<ref>?edge=N`: a JPEG that fits N × N. */
export function thumbnailHost({ files, engine }: PictureParts): Host {
  const made = new Recent<string, Uint8Array>(thumbnailBytes);
  return async (url, request) => {
    const path = pathOf(files, url);
    const edge = Number(url.searchParams.get('edge') ?? '256');
    if (!path || !Number.isInteger(edge) || edge < 16 || edge > photoEdge) return null;
    const key = `${edge} ${path}`;
    const known = made.get(key);
    if (known) return jpeg(known, forever);
    const thumbnail = await (await engine()).thumbnail(path, edge, { signal: request.signal });
    if (!thumbnail.ok) return null;
    // Copy: the view would keep the whole frame in memory.
    const bytes = Uint8Array.from(thumbnail.value.jpeg);
    made.set(key, bytes, bytes.byteLength);
    return jpeg(bytes, forever);
  };
}

const forever = 'public, max-age=31536000, immutable';
const photoHeaders = { ...plainHeaders, 'content-security-policy': "default-src 'none'; sandbox" } as const;

function pathOf(files: Files, url: URL): string | null {
  const found = files.path(url.pathname.slice(1));
  return found.ok ? found.value : null;
}

const jpeg = (bytes: Uint8Array, cacheControl: string): Response =>
  new Response(new Uint8Array(bytes), {
    headers: { ...photoHeaders, 'content-type': 'image/jpeg', 'cache-control': cacheControl },
  });

type OpenFile = { readonly handle: FileHandle; readonly size: number };

/** O_NONBLOCK, so that opening a FIFO does not block; null for anything but a regular file. */
async function openPlain(path: string): Promise<OpenFile | null> {
  const handle = await open(fsPath(path), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(() => null);
  if (!handle) return null;
  const info = await handle.stat().catch(() => null);
  if (info?.isFile()) return { handle, size: info.size };
  await handle.close();
  return null;
}

async function stream({ handle, size }: OpenFile, type: string, request: Request): Promise<Response> {
  const range = rangeOf(request.headers.get('range'), size);
  const headers = {
    ...photoHeaders,
    'content-type': type,
    'accept-ranges': 'bytes',
    'cache-control': 'no-cache',
  };
  if (range === 'unsatisfiable') {
    await handle.close();
    return new Response(null, { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` } });
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  const body = Readable.toWeb(handle.createReadStream({ start, end })) as ReadableStream<Uint8Array>;
  return new Response(body, {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      'content-length': String(end - start + 1),
      ...(range && { 'content-range': `bytes ${start}-${end}/${size}` }),
    },
  });
}
