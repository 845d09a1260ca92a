import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ByteBudget, Share } from '../../../main/http/server/budget/index.ts';
import { costOfInfer, mostTypedNumbers } from '../../../main/http/oip-grpc/message-cost.ts';
import { protocol } from '../../../main/http/oip-grpc/protocol.ts';
import descriptor from '../../../main/http/oip-grpc/protocol.json' with { type: 'json' };
import type { GrpcServer } from '../../../main/http/oip-grpc/index.ts';
import { root } from '../../fakes/engine.ts';
import { openTestServing } from '../../fixtures/serving.ts';
import type { TestServing } from '../../fixtures/serving.ts';
import { connect, limits, startServer, writeEchoPacks } from './fixture.ts';
import type { Answer } from './fixture.ts';

const mebibyte = 1024 ** 2;
const packs = writeEchoPacks();
const budget = new ByteBudget(40 * mebibyte);
let opened: TestServing;
let server: GrpcServer;
/** Where a slow computer must not be taken for a slow client. */
let patient: GrpcServer;
beforeAll(async () => {
  opened = await openTestServing({ engine: { modelFolders: [`${root}/models`, packs] } });
  server = await startServer({
    serving: opened.serving,
    budget,
    limits: { ...limits, maxBodyBytes: 32 * mebibyte, receiveTimeoutMs: 4_000 },
  });
  patient = await startServer({
    serving: opened.serving,
    budget,
    limits: { ...limits, maxBodyBytes: 32 * mebibyte, receiveTimeoutMs: 300_000 },
  });
});
afterAll(async () => {
  await server.close();
  await patient.close();
  await opened.close();
});

const { ModelInfer } = protocol().inference;
const encoded = (message: object): Buffer => ModelInfer!.requestSerialize(message);
const table = (floats: number, more: object = {}) => ({
  model_name: 'one',
  inputs: [{ name: 'in_float32', datatype: 'FP32', shape: [1, floats], ...more }],
  ...('contents' in more ? {} : { raw_input_contents: [Buffer.alloc(4 * floats)] }),
});
function framed(message: Buffer, claimed = message.byteLength): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(claimed, 1);
  return Buffer.concat([head, message]);
}

type Raw = { session: ClientHttp2Session; call: ClientHttp2Stream; reported: () => [number, string] };
function rawCall(method: string, window = mebibyte, { address } = server): Raw {
  const session = connectHttp2(`http://${address}`, { settings: { initialWindowSize: window } });
  session.on('error', () => {});
  const call = session.request({
    ':method': 'POST',
    ':path': `/inference.GRPCInferenceService/${method}`,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  let reported: [number, string] = [Number.NaN, ''];
  const listen = (named: Readonly<Record<string, unknown>>): void => {
    const code = named['grpc-status'];
    if (code !== undefined) reported = [Number(code), decodeURI(String(named['grpc-message']))];
  };
  call.on('response', listen);
  call.on('trailers', listen);
  call.on('error', () => {});
  return { session, call, reported: () => reported };
}
async function refusalOf(message: Buffer): Promise<[number, string]> {
  const { session, call, reported } = rawCall('ModelInfer');
  call.resume();
  call.end(framed(message));
  await once(call, 'close');
  session.destroy();
  return reported();
}
const backToNothing = () => vi.waitFor(() => expect(budget.heldBytes).toBe(0), { timeout: 10_000 });

describe('messages that would become more objects than there is memory for', () => {
  const packed = (field: number, count: number): Buffer => {
    const numbers = Buffer.alloc(count, 1);
    return encodedLength(0x2a, encodedLength(0x2a, encodedLength((field << 3) | 2, numbers)));
  };
  function encodedLength(tag: number, inside: Buffer): Buffer {
    const head: number[] = [tag];
    let rest = inside.byteLength;
    for (; rest > 127; rest >>>= 7) head.push((rest & 127) | 128);
    return Buffer.concat([Buffer.from([...head, rest]), inside]);
  }

  it.each([
    ['two million inputs', Buffer.alloc(4 * mebibyte, Buffer.from([0x2a, 0x00])), 'more than 65536 fields'],
    ['two million outputs', Buffer.alloc(4 * mebibyte, Buffer.from([0x32, 0x00])), 'more than 65536 fields'],
    [
      'two million parameters',
      Buffer.alloc(4 * mebibyte, Buffer.from([0x22, 0x00])),
      'more than 65536 fields',
    ],
    [
      'raw contents of nothing',
      Buffer.alloc(4 * mebibyte, Buffer.from([0x3a, 0x00])),
      'more than 65536 fields',
    ],
    ['long numbers of one byte', packed(3, mostTypedNumbers + 1), 'come in raw_input_contents'],
    ['truths of one byte', packed(1, mostTypedNumbers + 1), 'come in raw_input_contents'],
    [
      'empty texts',
      encodedLength(0x2a, encodedLength(0x2a, Buffer.alloc(2_000_002, Buffer.from([0x42, 0])))),
      '1000000 texts',
    ],
    [
      'a shape of millions',
      encodedLength(0x2a, encodedLength(0x1a, Buffer.alloc(5 * mebibyte))),
      'raw_input_contents',
    ],
  ])('%s', async (_, message, reason) => {
    const [code, details] = await refusalOf(message);
    expect([code, details]).toEqual([status.INVALID_ARGUMENT, expect.stringContaining(reason)]);
    await backToNothing();
  });

  it.each([
    ['behind a group', [0x0b, 0x0c, 0x2a, 0x00]],
    ['behind a tag of ten bytes', [0xaa, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00, 0x00]],
    ['with a tag beyond 32 bits', [0xaa, 0x80, 0x80, 0x80, 0x20, 0x00]],
    ['inputs as a number', [0x28, 0x02, 0x2a, 0x00]],
    ['longer than what holds it', [0x22, 0x02, 0x12, 0x7f, 0x2a, 0x00]],
    ['cut off', [0x3a, 0x7f, 0x00]],
  ])('a field that readers read differently: %s', (_, bytes) => {
    expect(costOfInfer(Buffer.from(bytes))).toMatchObject({
      ok: false,
      fault: { code: 'request-malformed' },
    });
  });
});

/** Names of a message's fields, of the messages below it too. */
function fieldsOf(message: Answer, scope: Answer): string[] {
  return Object.entries<Answer>(message.fields).flatMap(([name, { type }]) => {
    const below = message.nested?.[type] ?? scope[type];
    return below?.fields ? [name, ...fieldsOf(below, scope)] : [name];
  });
}

it('knows every field of a request', () => {
  const parameters = (choice: object) => ({ p: choice });
  const contents = {
    bool_contents: [true],
    int_contents: [-1, 2],
    int64_contents: [3],
    uint_contents: [4],
    uint64_contents: [5],
    fp32_contents: [6, 7, 8],
    fp64_contents: [9],
    bytes_contents: [Buffer.from('x'), Buffer.alloc(0)],
  };
  const input = {
    name: 'i',
    datatype: 'FP32',
    shape: [1, 2],
    parameters: parameters({ bool_param: true }),
    contents,
  };
  const message = {
    model_name: 'm',
    model_version: '1',
    id: 'x',
    parameters: {
      a: { int64_param: -1 },
      b: { string_param: 's' },
      c: { double_param: 1 },
      d: { uint64_param: 1 },
    },
    inputs: [input],
    outputs: [{ name: 'o', parameters: parameters({ bool_param: true }) }],
    raw_input_contents: [Buffer.from('raw')],
  };
  const bytes = encoded(message);
  const cost = costOfInfer(bytes);
  // Eight numbers, four of 64 bits, two texts; each other field once, parameters with their name, value and choice.
  const fields = 3 + 4 * 4 + (1 + 2 + 4 + 1) + (1 + 1 + 4) + 1;
  expect(cost).toEqual({ ok: true, value: bytes.byteLength + 8 * 8 + 4 * 64 + 2 * 128 + fields * 256 });
  const scope: Answer = (descriptor as Answer).nested.inference.nested;
  const text = JSON.stringify(message);
  for (const name of fieldsOf(scope.ModelInferRequest, scope)) expect(text).toContain(`"${name}":`);
});

describe('the memory for requests', { timeout: 120_000 }, () => {
  it('counts messages as they come, beside what else is held', async () => {
    const first = rawCall('ModelInfer', mebibyte, patient);
    first.call.write(framed(Buffer.alloc(24 * mebibyte), 25 * mebibyte));
    await vi.waitFor(() => expect(budget.heldBytes).toBeGreaterThan(23 * mebibyte), { timeout: 30_000 });
    const client = connect(patient.address);
    const why = await client.call('ModelInfer', table(5 * mebibyte)).catch((error: Answer) => error);
    expect(why.code).toBe(status.RESOURCE_EXHAUSTED);
    expect(why.metadata.get('outpost-fault')).toEqual(['request-memory-full']);
    first.session.destroy();
    await backToNothing();
    const { outputs } = await client.call('ModelInfer', table(mebibyte - 64));
    expect(outputs[0].shape).toEqual(['1', String(mebibyte - 64)]);
    await backToNothing();
    client.close();
  });

  it('is free again after many requests of one stream', async () => {
    const client = connect(patient.address);
    const stream = client.stream();
    let sent = 0;
    const send = (): void => {
      sent += 1;
      stream.write(table(mebibyte - 64));
    };
    send();
    send();
    let answered = 0;
    stream.on('data', ({ error_message: why }: Answer) => {
      expect(why).toBe('');
      answered += 1;
      if (sent < 12) send();
      else if (answered === 12) stream.end();
    });
    await once(stream, 'end');
    expect(answered).toBe(12);
    client.close();
    await backToNothing();
  });

  it('ends a stream that brings more at once than there is', async () => {
    const client = connect(patient.address);
    const others = new Share(budget);
    // What is left holds a small table and its answer, and no large one however fast it is answered.
    expect(others.grow(37 * mebibyte)).toBe(true);
    const stream = client.stream();
    const broken = once(stream, 'error');
    stream.write(table(64 * 1024));
    const [{ error_message: reported }] = await once(stream, 'data');
    expect(reported).toBe('');
    stream.on('data', () => {});
    stream.write(table(mebibyte - 64));
    const [why] = await broken;
    expect(why.code).toBe(status.RESOURCE_EXHAUSTED);
    client.close();
    others.release();
    await backToNothing();
  });

  it('is given back by a client that does not take its answer', async () => {
    const { session, call } = rawCall('ModelInfer', 1024);
    call.end(framed(encoded(table(64 * 1024))));
    const begun = performance.now();
    await once(call, 'close');
    expect(performance.now() - begun).toBeGreaterThan(5_500);
    expect(call.rstCode).not.toBe(0);
    session.destroy();
    await backToNothing();
  });

  it('is given back by a client that does not finish its message', async () => {
    const { session, call, reported } = rawCall('ModelStreamInfer');
    call.resume();
    call.write(framed(Buffer.alloc(1024), 2048));
    await once(call, 'close');
    expect(reported()[0]).toBe(status.DEADLINE_EXCEEDED);
    await backToNothing();
    session.destroy();
  });
});
