import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GrpcServer } from '../../../main/http/oip-grpc/index.ts';
import { root } from '../../fakes/engine.ts';
import { openTestServing } from '../../fixtures/serving.ts';
import type { TestServing } from '../../fixtures/serving.ts';
import { connect, limits, startServer, writeEchoPacks } from './fixture.ts';
import type { Answer } from './fixture.ts';

const packs = writeEchoPacks();
let opened: TestServing;
let server: GrpcServer;
beforeAll(async () => {
  opened = await openTestServing({ engine: { modelFolders: [`${root}/models`, packs] } });
  server = await startServer({ serving: opened.serving });
});
afterAll(async () => {
  await server.close();
  await opened.close();
});

/** The gRPC status of a call whose body is these bytes, as they are. */
async function statusOfBytes(body: Buffer, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const session = connectHttp2(`http://${server.address}`);
  const call = session.request({
    ':method': 'POST',
    ':path': '/inference.GRPCInferenceService/ModelInfer',
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  let reported = Number.NaN;
  const listen = (named: Readonly<Record<string, unknown>>): void => {
    if (named['grpc-status'] !== undefined) reported = Number(named['grpc-status']);
  };
  call.on('response', listen);
  call.on('trailers', listen);
  call.on('error', () => {});
  call.resume();
  call.end(body);
  await once(call, 'close');
  session.destroy();
  return reported;
}
function framed(message: Buffer, isPacked = false): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(isPacked ? 1 : 0);
  head.writeUInt32BE(message.byteLength, 1);
  return Buffer.concat([head, message]);
}
const isWell = async (): Promise<void> => {
  const client = connect(server.address);
  expect(await client.call('ModelReady', { name: 'one' })).toEqual({ ready: true });
  client.close();
};

describe('bytes that are no request', () => {
  it('end with a status, and harm nothing', async () => {
    for (let round = 0; round < 200; round += 1) {
      const reported = await statusOfBytes(framed(randomBytes(1 + (round % 64))));
      expect([status.INTERNAL, status.NOT_FOUND, status.INVALID_ARGUMENT]).toContain(reported);
    }
    await isWell();
  });

  it('a message that is packed small and large inside', async () => {
    const packed = gzipSync(Buffer.alloc(limits.maxBodyBytes * 8));
    expect(await statusOfBytes(framed(packed, true), { 'grpc-encoding': 'gzip' })).toBe(
      status.RESOURCE_EXHAUSTED,
    );
    await isWell();
  });

  it('a length that lies', async () => {
    const lie = Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3]);
    expect(await statusOfBytes(lie)).toBe(status.RESOURCE_EXHAUSTED);
    await isWell();
  });
});

describe('names', () => {
  it('of objects in JavaScript are names like others', async () => {
    const client = connect(server.address);
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const why = await client.call('ModelMetadata', { name }).catch((error: Answer) => error);
      expect(why.code).toBe(status.NOT_FOUND);
      const odd = await client
        .call('ModelInfer', {
          model_name: 'one',
          parameters: Object.fromEntries([[name, { int64_param: 1 }]]),
          inputs: [{ name, datatype: 'FP32', shape: [1, 1] }],
          outputs: [{ name }],
        })
        .catch((error: Answer) => error);
      expect(odd.details).toMatch(/the model takes in_float32/u);
    }
    client.close();
  });

  it('of a megabyte are told cut', async () => {
    const client = connect(server.address);
    const why = await client.call('ModelMetadata', { name: 'é'.repeat(1e6) }).catch((error: Answer) => error);
    expect(why.code).toBe(status.NOT_FOUND);
    expect(why.details.length).toBe(1000);
    client.close();
  });
});
