import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { photo } from '../cli-process.ts';

/* Requests of every protocol as bytes, good ones and changed ones. A seed gives the same ones each time. */

export type Chance = { next(): number; below(most: number): number; pick<T>(from: readonly T[]): T };

/** xorshift32: the same row of numbers from the same seed. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
  const below = (most: number): number => Math.floor(next() * most);
  return { next, below, pick: (from) => from[below(from.length)]! };
}

export type Request = {
  readonly name: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const picture = readFileSync(photo('chelsea.png'));
const inputs = [
  { name: 'a', datatype: 'FP32', shape: [1, 3], data: [1, 2, 3] },
  { name: 'b', datatype: 'FP32', shape: [1, 3], data: [4, 5, 6] },
  { name: 'count', datatype: 'INT64', shape: [1], data: [7] },
];
const b64 = picture.toString('base64');
const length = Buffer.alloc(4);
length.writeUInt32LE(picture.byteLength);
const binary = Buffer.concat([length, picture]);
const binaryHead = json({
  inputs: [
    {
      name: 'image',
      datatype: 'BYTES',
      shape: [1],
      parameters: { binary_data_size: binary.byteLength },
    },
  ],
  outputs: [{ name: 'score', parameters: { binary_data: true } }],
});
const form = Buffer.concat([
  Buffer.from('--edge\r\nContent-Disposition: form-data; name="top"\r\n\r\n3\r\n'),
  Buffer.from('--edge\r\nContent-Disposition: form-data; name="file"; filename="c.png"\r\n'),
  Buffer.from('Content-Type: image/png\r\n\r\n'),
  picture,
  Buffer.from('\r\n--edge--\r\n'),
]);

/** One good request of each kind. */
export const good: readonly Request[] = [
  {
    name: 'OIP JSON',
    path: '/v2/models/tensor-demo/infer',
    headers: { 'content-type': 'application/json' },
    body: json({ id: '1', inputs, outputs: [{ name: 'sum' }] }),
  },
  {
    name: 'OIP binary',
    path: '/v2/models/efficientnet-lite0/infer',
    headers: {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(binaryHead.byteLength),
    },
    body: Buffer.concat([binaryHead, binary]),
  },
  {
    name: 'TF Serving rows',
    path: '/v1/models/tensor-demo:predict',
    headers: {},
    body: json({ instances: [{ a: [1, 2, 3], b: [4, 5, 6], count: 7 }] }),
  },
  {
    name: 'TF Serving columns',
    path: '/v1/models/tensor-demo:predict',
    headers: { 'content-type': 'application/json' },
    body: json({ inputs: { a: [[1, 2, 3]], b: [[4, 5, 6]], count: [7] } }),
  },
  {
    name: 'TF Serving classify',
    path: '/v1/models/efficientnet-lite0:classify',
    headers: {},
    body: json({ examples: [{ image: { b64 } }] }),
  },
  {
    name: 'photo',
    path: '/predict?cache=false&top=2',
    headers: { 'content-type': 'image/png' },
    body: picture,
  },
  {
    name: 'form',
    path: '/predict',
    headers: { 'content-type': 'multipart/form-data; boundary=edge' },
    body: form,
  },
  {
    name: 'CSV',
    path: '/predict?model=people',
    headers: { 'content-type': 'text/csv' },
    body: Buffer.from('age,height,city,left-handed\n5,1.2,"Łódź, PL",true\n70,1.85,Bonn,false\n'),
  },
  {
    name: 'repository',
    path: '/v2/repository/index',
    headers: { 'content-type': 'application/json' },
    body: json({ ready: true }),
  },
];

const oddPieces: readonly Buffer[] = [
  '[',
  '{',
  '"',
  '\\u0000',
  '1e999',
  '-',
  'NaN',
  'null',
  '\r\n',
  '--edge',
  '9'.repeat(400),
  '[]'.repeat(300),
  '"",'.repeat(500),
  '\u{1f4f7}',
  '{"b64":""}',
]
  .map((text) => Buffer.from(text))
  .concat(Buffer.from([0, 255, 254, 0x80]), Buffer.alloc(70_000, '['));

/** The body with a few bytes others than they were. */
export function changed(body: Buffer, chance: Chance): Buffer {
  let bytes = Buffer.from(body);
  for (let times = 1 + chance.below(3); times > 0; times -= 1) {
    const at = chance.below(bytes.byteLength + 1);
    const to = Math.min(bytes.byteLength, at + chance.below(40));
    switch (chance.below(5)) {
      case 0:
        if (at < bytes.byteLength) bytes[at] = chance.below(256);
        break;
      case 1:
        bytes = bytes.subarray(0, at);
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at), chance.pick(oddPieces), bytes.subarray(at)]);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
        break;
      default:
        bytes = Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
    }
    bytes = Buffer.from(bytes);
  }
  return bytes;
}

const oddHeaders: readonly (readonly [string, string])[] = [
  ['content-type', 'text/csv; charset=utf-16'],
  ['content-type', 'multipart/form-data'],
  ['content-type', 'application/json;;;'],
  ['content-type', 'image/'],
  ['inference-header-content-length', '-1'],
  ['inference-header-content-length', '99999999'],
  ['inference-header-content-length', '0'],
  ['accept', '*/*;q=x, text/csv;q=1'],
  ['content-encoding', 'gzip'],
  ['content-encoding', 'br'],
  ['expect', '100-continue'],
  ['x-long', 'x'.repeat(12_000)],
];

/** A changed request as it goes over the wire: whole, packed, in chunks, or with a length that is not its own. */
export function wireOf(request: Request, chance: Chance): readonly Buffer[] {
  const headers: Record<string, string> = { host: '127.0.0.1', ...request.headers };
  let body = chance.below(6) === 0 ? request.body : changed(request.body, chance);
  if (chance.below(4) === 0) {
    const [name, value] = chance.pick(oddHeaders);
    headers[name] = value;
  }
  if (chance.below(6) === 0) {
    const isGzip = chance.below(2) === 0;
    headers['content-encoding'] = isGzip ? 'gzip' : 'deflate';
    body = isGzip ? gzipSync(body) : deflateSync(body);
    if (chance.below(3) === 0) body = changed(body, chance);
  }
  const way = chance.below(8);
  if (way === 0) headers['transfer-encoding'] = 'chunked';
  else
    headers['content-length'] = String(way === 1 ? chance.below(2 * body.byteLength + 9) : body.byteLength);
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const path = chance.below(12) === 0 ? `${request.path}%zz` : request.path;
  const first = Buffer.from(`POST ${path} HTTP/1.1\r\n${head.join('')}\r\n`);
  if (way !== 0) return [first, body];
  const size = Buffer.from(`${body.byteLength.toString(16)}\r\n`);
  return [first, size, body, Buffer.from(chance.below(4) === 0 ? '\r\nzz\r\n' : '\r\n0\r\n\r\n')];
}

export type Received = { readonly text: string; readonly ended: 'closed' | 'reset' | 'time' };

/** Writes pieces with pauses between them, may end its side, and hears until the server closes or `forMs` is over. */
export function talkTo(
  port: number,
  pieces: readonly Buffer[],
  { gapMs, isHalfClosed, forMs }: { gapMs: number; isHalfClosed: boolean; forMs: number },
): Promise<Received> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const received: Buffer[] = [];
    let quiet: NodeJS.Timeout | undefined;
    const end = (ended: Received['ended']): void => {
      clearTimeout(timer);
      clearTimeout(quiet);
      socket.destroy();
      resolve({ text: Buffer.concat(received).toString('latin1'), ended });
    };
    const timer = setTimeout(() => end('time'), forMs);
    socket.on('data', (bytes: Buffer) => {
      received.push(bytes);
      // Whole as far as can be told: a kept connection says no more.
      clearTimeout(quiet);
      quiet = setTimeout(() => end('closed'), 150);
    });
    socket.on('end', () => end('closed'));
    socket.on('close', () => end('closed'));
    socket.on('error', () => end('reset'));
    void (async () => {
      for (const piece of pieces) {
        if (!socket.writable) return;
        socket.write(piece);
        if (gapMs > 0) await new Promise((done) => setTimeout(done, gapMs));
      }
      if (isHalfClosed) socket.end();
    })();
  });
}
