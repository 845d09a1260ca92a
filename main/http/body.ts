import type { IncomingMessage } from 'node:http';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { InputType, ZlibOptions } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { failed, ok } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';
import { createBodyMemory, largeBody } from './body-memory.ts';
import type { BodyMemory } from './body-memory.ts';
import { inviteBody } from './expect.ts';
import { Refused } from './refuse.ts';

type Taken = (body: Outcome<Buffer>) => void;

/** Every body is taken as the bytes that it is; packed ones are unpacked, both within the same limit. */
export function takeBodies(app: FastifyInstance, maxBytes: number): void {
  app.removeAllContentTypeParsers();
  const memory = createBodyMemory();
  // An answer went out, so whoever worked on the body has had all of it; of one that was given up nobody knows.
  app.addHook('onResponse', ({ body }, { statusCode }, done) => {
    if (statusCode === 200 && Buffer.isBuffer(body) && body.byteLength >= largeBody) memory.give(body);
    done();
  });
  app.addContentTypeParser('*', ({ raw, headers }, _payload, done) => {
    const encoding = headers['content-encoding'];
    const taken: Taken = (body) => (body.ok ? done(null, body.value) : done(new Refused(body.fault)));
    const length = headers['content-length'];
    const announced = length === undefined ? null : Number(length);
    if (announced !== null && announced > maxBytes)
      return taken(failed('body-too-large', { limit: maxBytes }));
    if (encoding === undefined || encoding === 'identity')
      return collect(
        raw,
        { announced, maxBytes, allocate: allocatorFor(headers['content-type'], memory) },
        taken,
      );
    const unpack = unpackers.get(encoding.trim().toLowerCase());
    if (!unpack)
      return taken(failed('media-type-unsupported', { type: `encoding ${encoding}`, accepted: encodings }));
    collect(raw, { announced, maxBytes, allocate: Buffer.allocUnsafeSlow }, (packed) => {
      if (packed.ok) unpackWith(unpack, { packed: packed.value, maxBytes }, taken);
      else taken(packed);
    });
  });
}

type Size = {
  readonly announced: number | null;
  readonly maxBytes: number;
  readonly allocate: (bytes: number) => Buffer;
};

/** Large JSON moves to the thread that reads it, with its memory. */
function allocatorFor(type: string | undefined, memory: BodyMemory): Size['allocate'] {
  const isKept = type !== undefined && !type.includes('json');
  return (bytes) => (isKept && bytes >= largeBody ? memory.take(bytes) : Buffer.allocUnsafeSlow(bytes));
}

/** A body that came in one piece is not copied; a longer one is put together as it comes. */
function collect(raw: IncomingMessage, { announced, maxBytes, allocate }: Size, taken: Taken): void {
  const pieces: Buffer[] = [];
  let whole: Buffer | null = null;
  let held = 0;
  let isOver = false;
  const end = (body: Outcome<Buffer>): void => {
    if (isOver) return;
    isOver = true;
    taken(body);
  };
  raw.on('data', (piece: Buffer) => {
    if (isOver) return;
    const at = held;
    held += piece.byteLength;
    if (held > maxBytes) return end(failed('body-too-large', { limit: maxBytes }));
    if (announced === null || held === announced) {
      if (whole) piece.copy(whole, at);
      else pieces.push(piece);
      return;
    }
    whole ??= allocate(announced);
    piece.copy(whole, at);
  });
  raw.once('end', () => end(ok(whole ?? (pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, held)))));
  const cutOff = (): void =>
    end(failed('request-malformed', { what: 'The body', reason: 'it ended before all of it was here' }));
  raw.once('error', cutOff);
  raw.once('close', cutOff);
  inviteBody(raw);
}

type Unpack = (
  packed: InputType,
  options: ZlibOptions,
  done: (error: NodeJS.ErrnoException | null, bytes: Buffer) => void,
) => void;
const unpackers: ReadonlyMap<string, Unpack> = new Map([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', inflate],
  ['br', brotliDecompress as Unpack],
]);
const encodings = 'gzip, deflate or br';

/** Unpacking stops at the limit, so that a small body that unpacks to gigabytes costs no more than a large one. */
function unpackWith(
  unpack: Unpack,
  { packed, maxBytes }: { readonly packed: Buffer; readonly maxBytes: number },
  taken: Taken,
): void {
  unpack(packed, { maxOutputLength: maxBytes }, (error, bytes) => {
    if (!error) return taken(ok(bytes));
    if (error.code === 'ERR_BUFFER_TOO_LARGE') return taken(failed('body-too-large', { limit: maxBytes }));
    taken(
      failed('request-malformed', { what: 'The body', reason: `it cannot be unpacked (${error.message})` }),
    );
  });
}
