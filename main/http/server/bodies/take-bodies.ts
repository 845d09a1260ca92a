import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { failed } from '../../../../contract/faults/faults.ts';
import { noteDigest, photoHash } from './body-digest.ts';
import { createBufferPool, largeBody } from './buffer-pool.ts';
import type { BufferPool } from './buffer-pool.ts';
import { shareOf } from '../budget/index.ts';
import { handedOver } from '../direct/handed-over.ts';
import { collectBody } from './collect-body.ts';
import type { BodySize, Taken } from './collect-body.ts';
import { inviteBody } from './expect.ts';
import { Refused } from '../refusals/refuse.ts';
import { collectUnpacked, encodings, unpackerOf } from './unpack.ts';

/** Every body is taken as the bytes that it is; packed ones are unpacked, both within the same limit. */
export function takeBodies(app: FastifyInstance, maxBytes: number): void {
  app.removeAllContentTypeParsers();
  const pool = createBufferPool();
  // Reuse the buffer only after a 200: otherwise a worker may still be reading it.
  app.addHook('onResponse', ({ body }, { statusCode }, done) => {
    if (statusCode === 200 && Buffer.isBuffer(body) && body.byteLength >= largeBody) pool.give(body);
    done();
  });
  app.addContentTypeParser('*', (request, _payload, done) => {
    const { raw, headers } = request;
    const encoding = headers['content-encoding'];
    const taken: Taken = (body) => (body.ok ? done(null, body.value) : done(new Refused(body.fault)));
    const known = handedOver(raw);
    if (known) return taken(known.body);
    const length = headers['content-length'];
    const announced = length === undefined ? null : Number(length);
    if (announced !== null && announced > maxBytes)
      return taken(failed('body-too-large', { limit: maxBytes }));
    const share = shareOf(raw);
    if (encoding === undefined || encoding === 'identity') {
      const allocate = allocatorFor(headers, pool);
      const hash = photoHash(request);
      return collectBody(raw, { announced, maxBytes, allocate, share, hash }, (body) => {
        if (hash && body.ok) noteDigest(body.value, hash);
        taken(body);
      });
    }
    const unpacker = unpackerOf(encoding);
    if (!unpacker)
      return taken(failed('media-type-unsupported', { type: `encoding ${encoding}`, accepted: encodings }));
    void collectUnpacked(raw, unpacker, { maxBytes, share }).then(taken);
    inviteBody(raw);
  });
}

/** Of the Open Inference Protocol: how many bytes of a body are its JSON; binary tensors stand behind it. */
export const jsonBytesHeader = 'inference-header-content-length';
const widestElementBytes = 8;

/** Large JSON moves to the thread that reads it, with its memory. Tensors behind other JSON come to lie where the runtime reads them in place. */
function allocatorFor(headers: IncomingHttpHeaders, pool: BufferPool): BodySize['allocate'] {
  const type = headers['content-type'];
  const isPooled = type !== undefined && !type.includes('json');
  const behind = Number(headers[jsonBytesHeader] ?? 0) % widestElementBytes;
  const from = behind > 0 ? widestElementBytes - behind : 0;
  return (bytes) => (isPooled && bytes >= largeBody ? pool.take(bytes, from) : Buffer.allocUnsafeSlow(bytes));
}
