import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { failed, ok } from '../../../../contract/faults.ts';
import type { Outcome } from '../../../../contract/faults.ts';
import { createBufferPool, largeBody } from './buffer-pool.ts';
import type { BufferPool } from './buffer-pool.ts';
import { shareOf } from '../budget/index.ts';
import type { Share } from '../budget/index.ts';
import { inviteBody } from './expect.ts';
import { Refused } from '../refusals/refuse.ts';
import { collectUnpacked, encodings, unpackerOf } from './unpack.ts';

type Taken = (body: Outcome<Buffer>) => void;

/** Every body is taken as the bytes that it is; packed ones are unpacked, both within the same limit. */
export function takeBodies(app: FastifyInstance, maxBytes: number): void {
  app.removeAllContentTypeParsers();
  const pool = createBufferPool();
  // Reuse the buffer only after a 200: otherwise a worker may still be reading it.
  app.addHook('onResponse', ({ body }, { statusCode }, done) => {
    if (statusCode === 200 && Buffer.isBuffer(body) && body.byteLength >= largeBody) pool.give(body);
    done();
  });
  app.addContentTypeParser('*', ({ raw, headers }, _payload, done) => {
    const encoding = headers['content-encoding'];
    const taken: Taken = (body) => (body.ok ? done(null, body.value) : done(new Refused(body.fault)));
    const length = headers['content-length'];
    const announced = length === undefined ? null : Number(length);
    if (announced !== null && announced > maxBytes)
      return taken(failed('body-too-large', { limit: maxBytes }));
    const share = shareOf(raw);
    if (encoding === undefined || encoding === 'identity') {
      const allocate = allocatorFor(headers['content-type'], pool);
      return collect(raw, { announced, maxBytes, allocate, share }, taken);
    }
    const unpacker = unpackerOf(encoding);
    if (!unpacker)
      return taken(failed('media-type-unsupported', { type: `encoding ${encoding}`, accepted: encodings }));
    void collectUnpacked(raw, unpacker, { maxBytes, share }).then(taken);
    inviteBody(raw);
  });
}

type Size = {
  readonly announced: number | null;
  readonly maxBytes: number;
  readonly allocate: (bytes: number) => Buffer;
  readonly share: Share;
};

/** Large JSON moves to the thread that reads it, with its memory. */
function allocatorFor(type: string | undefined, pool: BufferPool): Size['allocate'] {
  const isPooled = type !== undefined && !type.includes('json');
  return (bytes) => (isPooled && bytes >= largeBody ? pool.take(bytes) : Buffer.allocUnsafeSlow(bytes));
}

/** A single-chunk body is not copied; a longer one is assembled while it arrives. */
function collect(raw: IncomingMessage, { announced, maxBytes, allocate, share }: Size, taken: Taken): void {
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
    if (!share.grow(piece.byteLength)) return end({ ok: false, fault: share.fault() });
    if (announced === null || held === announced) {
      if (whole) piece.copy(whole, at);
      else pieces.push(piece);
      return;
    }
    whole ??= allocate(announced);
    piece.copy(whole, at);
  });
  raw.once('end', () => {
    if (isOver) return;
    if (whole ?? pieces.length < 2) return end(ok(whole ?? pieces[0] ?? Buffer.alloc(0)));
    // During the copy both buffers exist.
    if (!share.grow(held)) return end({ ok: false, fault: share.fault() });
    whole = Buffer.concat(pieces, held);
    share.shrink(held);
    end(ok(whole));
  });
  // Every request closes in the end; the texts of a fault are made for those that were cut off.
  const cutOff = (): void => {
    if (!isOver)
      end(failed('request-malformed', { what: 'The body', reason: 'it ended before all of it was here' }));
  };
  raw.once('error', cutOff);
  raw.once('close', cutOff);
  inviteBody(raw);
}
