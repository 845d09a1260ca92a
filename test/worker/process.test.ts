import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { elementBytes, type ElementType } from '../../contract/tensors/tensor.ts';
import { workerEnv, type FromWorker, type LoadSpec } from '../../contract/wire.ts';
import { frameWriter, readFrames, type Frame } from '../../main/lib/frames.ts';
import { inheritedEnv } from '../../main/lib/paths.ts';
import { joinTexts } from '../../main/lib/length-prefixed.ts';
import { builtEntry } from '../fixtures/built.ts';
import { identityModel, onnxModel } from '../fixtures/onnx-builder.ts';
import { tensorSpec } from '../fixtures/tensor-spec.ts';
import { newFolder } from '../temp/folder.ts';
import { labelled } from '../fixtures/labelled.ts';

const folder = newFolder('wire');
const children: ChildProcess[] = [];
let count = 0;
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

const otherUser = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

async function startWorker(more: Readonly<Record<string, string>> = {}, user: typeof otherUser = {}) {
  count += 1;
  const address =
    process.platform === 'win32'
      ? `\\\\.\\pipe\\outpost-${process.pid}-${count}`
      : path.join(folder, `${count}.sock`);
  const server = createServer().listen(address);
  if (user.uid !== undefined) {
    await once(server, 'listening');
    chmodSync(folder, 0o711);
    chmodSync(address, 0o777);
  }
  const child = spawn(process.execPath, [await builtEntry('worker')], {
    env: inheritedEnv({ [workerEnv.socket]: address, [workerEnv.token]: 'secret', ...more }),
    stdio: 'inherit',
    ...user,
  });
  children.push(child);
  const exited = once(child, 'exit');
  const [socket] = (await once(server, 'connection')) as [Socket];
  server.close();
  const frames: Frame<FromWorker>[] = [];
  let wake = (): void => undefined;
  readFrames<FromWorker>(socket, (frame) => {
    frames.push(frame);
    wake();
  });
  const next = async (fits: (message: FromWorker) => boolean): Promise<Frame<FromWorker>> => {
    for (;;) {
      const found = frames.find(({ message }) => fits(message));
      if (found) return found;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return {
    socket,
    child,
    exited,
    frames,
    send: frameWriter(socket),
    next,
    answer: (id: number) => next((message) => 'id' in message && message.id === id),
  };
}

function specFor(name: string, model: Buffer): LoadSpec {
  const modelFile = path.join(folder, `${name}.onnx`);
  writeFileSync(modelFile, model);
  return tensorSpec(modelFile);
}

it('says hello with its token, answers a ping, and ends with code 0 after a drain', async () => {
  const worker = await startWorker();
  expect((await worker.next(({ kind }) => kind === 'hello')).message).toMatchObject({
    token: 'secret',
    pid: worker.child.pid,
    decoder: 'sharp',
  });
  worker.send({ kind: 'ping', id: 1 });
  worker.send({ kind: 'drain' });
  expect((await worker.answer(1)).message.kind).toBe('pong');
  expect(await worker.exited).toEqual([0, null]);
});

it('ends when the socket does', async () => {
  const worker = await startWorker();
  worker.socket.destroy();
  expect((await worker.exited)[1]).toBeNull();
});

function shippedSpec(): LoadSpec {
  const pack = path.join(import.meta.dirname, '..', '..', 'models', 'efficientnet-lite0');
  const manifest = JSON.parse(readFileSync(path.join(pack, 'manifest.json'), 'utf8')) as LoadSpec & {
    variants: { file: string }[];
  };
  const { preprocessing, postprocessing, outputs, embedding } = manifest;
  const labels = JSON.parse(readFileSync(path.join(pack, 'labels.json'), 'utf8')) as LoadSpec['labels'];
  return {
    modelFile: path.join(pack, manifest.variants[0]!.file),
    provider: 'cpu',
    threads: 1,
    task: 'image-classification',
    outputs,
    preprocessing,
    postprocessing,
    labels,
    embedding,
  };
}
const photo = path.join(import.meta.dirname, '..', 'fixtures', 'photos', 'chelsea.png');

it('classifies by the shipped pack, answers each id once, and finishes before it drains', async () => {
  const worker = await startWorker();
  worker.send({ kind: 'load', id: 1, spec: shippedSpec() });
  for (let id = 2; id < 8; id += 1)
    worker.send({
      kind: 'infer',
      id,
      input: { name: 'chelsea.png', source: { kind: 'file', path: photo } },
      request: { top: 5, embedding: true },
    });
  worker.send(
    { kind: 'infer', id: 8, input: { name: 'blob', source: { kind: 'blob', blob: 0 } }, request: { top: 5 } },
    [readFileSync(photo)],
  );
  worker.send({ kind: 'thumbnail', id: 9, name: 'small', source: { kind: 'file', path: photo }, edge: 64 });
  worker.send({ kind: 'cancel', target: 7 });
  worker.send({ kind: 'drain' });
  expect(await worker.exited).toEqual([0, null]);
  const ids = worker.frames.flatMap(({ message }) => ('id' in message ? [message.id] : []));
  expect(ids.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const { message } = await worker.answer(2);
  if (message.kind !== 'inferred') throw new Error(JSON.stringify(message));
  expect(labelled(message.result).predictions).toHaveLength(5);
  expect(labelled(message.result).embedding?.values).toHaveLength(1280);
  expect((await worker.answer(8)).message).toMatchObject({ kind: 'inferred', digest: message.digest });
  expect((await worker.answer(7)).message).toMatchObject({ kind: 'failed', fault: { code: 'cancelled' } });
  expect((await worker.answer(9)).message).toMatchObject({ kind: 'thumbnailed', width: 64 });
});

it('says which decoder it has, and answers by WebAssembly as by native code', async () => {
  const tops: unknown[] = [];
  for (const decoder of ['sharp', 'wasm-vips']) {
    const worker = await startWorker({ OUTPOST_DECODER: decoder });
    expect((await worker.next(({ kind }) => kind === 'hello')).message).toMatchObject({ decoder });
    worker.send({ kind: 'load', id: 1, spec: shippedSpec() });
    worker.send({
      kind: 'infer',
      id: 2,
      input: { name: 'chelsea.png', source: { kind: 'file', path: photo } },
      request: { top: 5 },
    });
    const { message } = await worker.answer(2);
    if (message.kind !== 'inferred') throw new Error(JSON.stringify(message));
    expect(labelled(message.result).predictions[0]?.label).toBe('tiger cat');
    tops.push(message.result);
  }
  expect(tops[1]).toEqual(tops[0]);
});

it.skipIf(process.platform === 'win32')(
  'a file that it may not read is a fault, and it goes on',
  async () => {
    // Root may read everything, so that it is nobody who tries.
    const worker = await startWorker({}, otherUser);
    const secret = path.join(folder, 'secret.png');
    copyFileSync(photo, secret);
    chmodSync(secret, 0);
    const ask = (id: number, file: string): void =>
      void worker.send({
        kind: 'thumbnail',
        id,
        name: 'a.png',
        source: { kind: 'file', path: file },
        edge: 32,
      });
    ask(1, secret);
    expect((await worker.answer(1)).message).toMatchObject({
      kind: 'failed',
      fault: { code: 'file-unreadable', params: { file: 'a.png', reason: 'permission denied' } },
    });
    chmodSync(secret, 0o644);
    ask(2, secret);
    expect((await worker.answer(2)).message.kind).toBe('thumbnailed');
  },
);

it('blames the input for what does not go together, and not for what the machine lacks', async () => {
  const worker = await startWorker();
  const value = (name: string) => ({ name, type: 'float32', shape: ['N', 'M'] }) as const;
  const spec = specFor(
    'broadcast',
    onnxModel({
      nodes: [{ op: 'Add', inputs: ['a', 'b'], outputs: ['sum'] }],
      inputs: [value('a'), value('b')],
      outputs: [value('sum')],
    }),
  );
  worker.send({ kind: 'load', id: 1, spec });
  const tensors = [
    { name: 'a', type: 'float32', dims: [2, 3], blob: 0 },
    { name: 'b', type: 'float32', dims: [3, 2], blob: 0 },
  ];
  worker.send({ kind: 'run', id: 2, tensors }, [new Uint8Array(24)]);
  expect((await worker.answer(2)).message).toMatchObject({
    kind: 'failed',
    fault: {
      code: 'input-invalid',
      params: { reason: expect.stringMatching(/^Attempting to broadcast/u) as string },
    },
  });
  const huge = onnxModel({
    nodes: [{ op: 'ConstantOfShape', inputs: ['shape'], outputs: ['y'] }],
    inputs: [{ name: 'shape', type: 'int64', shape: ['N'] }],
    outputs: [value('y')],
  });
  worker.send({ kind: 'load', id: 3, spec: specFor('huge', huge) });
  worker.send({ kind: 'run', id: 4, tensors: [{ name: 'shape', type: 'int64', dims: [2], blob: 0 }] }, [
    new Uint8Array(BigInt64Array.of(2n ** 40n, 4n).buffer),
  ]);
  expect((await worker.answer(4)).message).toMatchObject({
    kind: 'failed',
    fault: {
      code: 'model-stopped',
      params: { reason: expect.stringMatching(/^Failed to allocate/u) as string },
    },
  });
});

it('carries every element type unchanged, past 2^53 and down to no elements', async () => {
  const worker = await startWorker();
  let id = 0;
  for (const type of [...(Object.keys(elementBytes) as ElementType[]), 'string'] as const) {
    const spec = specFor(type, identityModel(type, ['N', 2]));
    // The engine reads it off the manifest.
    const shown = type === 'bfloat16' ? { ...spec, hasBfloat16: true as const } : spec;
    worker.send({ kind: 'load', id: (id += 1), spec: shown });
    expect((await worker.answer(id)).message, type).toMatchObject({
      kind: 'loaded',
      inputs: [{ name: 'x', type, shape: ['N', 2] }],
    });
    for (const rows of [2, 0]) {
      const size = type === 'string' ? 0 : 2 * rows * elementBytes[type];
      const data =
        type === 'string'
          ? joinTexts(['', 'Zürich', '東京', 'a\nb'].slice(0, 2 * rows))
          : patternOf(type, size);
      worker.send({ kind: 'run', id: (id += 1), tensors: [{ name: 'x', type, dims: [rows, 2], blob: 0 }] }, [
        data,
      ]);
      const { message, blobs } = await worker.answer(id);
      expect(message, `${type} × ${rows}`).toMatchObject({
        kind: 'ran',
        tensors: [{ name: 'y', type, dims: [rows, 2], blob: 0 }],
      });
      expect(Buffer.compare(blobs[0]!, data), `${type} × ${rows}`).toBe(0);
    }
  }
});

/** Bytes without a NaN; in 64 bits each value lies beyond 2^53. */
function patternOf(type: ElementType, size: number): Buffer {
  return Buffer.from(
    Uint8Array.from({ length: size }, (_, index) => (type === 'bool' ? index % 2 : 33 + index)),
  );
}

it('refuses a model at its loading whose scores are no numbers', async () => {
  const worker = await startWorker();
  const spec: LoadSpec = {
    ...specFor('words', identityModel('string', ['N', 2])),
    task: 'image-classification',
    postprocessing: [{ op: 'top-k', k: 1, output: 'y' }],
  };
  worker.send({ kind: 'load', id: 1, spec });
  expect((await worker.answer(1)).message).toMatchObject({
    kind: 'failed',
    fault: {
      code: 'onnx-mismatch',
      params: {
        file: 'words.onnx',
        reason:
          'its input x is string, and a picture is given as float16, float32, float64, uint8, int8 or int32',
      },
    },
  });
});

it('says which input does not fit, rejects a broken model, and goes on', async () => {
  const worker = await startWorker();
  worker.send({ kind: 'load', id: 1, spec: specFor('broken', Buffer.from('no model')) });
  expect((await worker.answer(1)).message).toMatchObject({
    kind: 'failed',
    fault: { code: 'model-rejected', params: { file: 'broken.onnx' } },
  });
  const value = (name: string) => ({ name, type: 'float32', shape: ['N', 3] }) as const;
  worker.send({
    kind: 'load',
    id: 2,
    spec: specFor(
      'add',
      onnxModel({
        nodes: [{ op: 'Add', inputs: ['a', 'b'], outputs: ['sum'] }],
        inputs: [value('a'), value('b')],
        outputs: [value('sum')],
      }),
    ),
  });
  await worker.answer(2);
  const a = { name: 'a', type: 'float32', dims: [1, 3], blob: 0 };
  const b = { ...a, name: 'b' };
  const data = new Uint8Array(12);
  const wrong = [
    [a],
    [a, { ...b, name: 'c' }],
    [a, { ...b, type: 'int32' }],
    [a, { ...b, dims: [3] }],
    [a, { ...b, dims: [2, 3] }],
    [a, b, { ...b, name: 'stray' }],
    [a, { ...b, dims: [-1, 3] }],
  ];
  for (const [index, tensors] of wrong.entries()) {
    worker.send({ kind: 'run', id: 10 + index, tensors }, [data]);
    expect((await worker.answer(10 + index)).message, `wrong ${index}`).toMatchObject({
      kind: 'failed',
      fault: { code: 'input-invalid' },
    });
  }
  worker.send({ kind: 'run', id: 30, tensors: [a, b] }, [data]);
  expect((await worker.answer(30)).message.kind).toBe('ran');
});

it('a text model that asks for en_US.UTF-8 counts words where the system has no such locale', async () => {
  // With LOCPATH the C library looks into no other place: only the locale that came with Outpost is left.
  const worker = await startWorker({ LOCPATH: newFolder('no-locale') });
  const modelFile = path.join(import.meta.dirname, '..', 'fixtures', 'exports', 'tf-idf.onnx');
  worker.send({
    kind: 'load',
    id: 1,
    spec: { ...specFor('unused', identityModel('float32', [1])), modelFile },
  });
  expect((await worker.answer(1)).message).toMatchObject({ kind: 'loaded' });
  const args = joinTexts(['GOAL', 'Élan', 'goal', 'other']);
  const text = { name: 'text', type: 'string', dims: [4], blob: 0 } as const;
  worker.send({ kind: 'run', id: 2, tensors: [text] }, [args]);
  const { message, blobs } = await worker.answer(2);
  if (message.kind !== 'ran') throw new Error('it did not run');
  const scores = blobs[message.tensors.find(({ name }) => name === 'scores')!.blob]!;
  expect(Array.from(new Float32Array(Uint8Array.from(scores).buffer))).toEqual([2, 0, 1]);
});
