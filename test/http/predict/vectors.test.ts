// A pack whose answer is a vector, over every protocol. The graph takes the mean of each channel times a factor, so that
// the vector of a photo in two colours is known without running anything.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { unpack } from '../../../main/packs/build/index.ts';
import { onnxModel } from '../../fixtures/onnx-builder.ts';
import { build, meaning, requestFor } from '../../packs/build/fixture.ts';
import { appVersion } from '../../packs/fixture.ts';
import { newFolder } from '../../temp/folder.ts';
import { connect } from '../oip-grpc/fixture.ts';
import { get, jsonOf, post, tailOf } from '../oip/fixture.ts';
import { anyone, openTestServing, startCore } from '../server/fixture.ts';
import type { CoreServer, TestServing } from '../server/fixture.ts';

const factors = [3, -4, 1];
const folder = newFolder('vectors');
let test: TestServing;
let core: CoreServer;
/** Left half in one colour, right half in the other, of the size that the graph takes. */
async function photoOf(left: readonly number[], right: readonly number[]): Promise<Buffer> {
  const pixels = Array.from({ length: 16 }, (_, at) => (at % 4 < 2 ? left : right)).flat();
  return sharp(Buffer.from(pixels), { raw: { width: 4, height: 4, channels: 3 } })
    .png()
    .toBuffer();
}
const photos = [
  { left: [255, 0, 51], right: [102, 51, 51] },
  { left: [0, 204, 0], right: [0, 204, 255] },
] as const;
const vectorOf = ({ left, right }: (typeof photos)[number]): number[] =>
  factors.map((factor, channel) => (factor * (left[channel]! + right[channel]!)) / 2 / 255);
const wanted = photos.map(vectorOf);
let files: Buffer[];

beforeAll(async () => {
  files = await Promise.all(photos.map(({ left, right }) => photoOf(left, right)));
  const onnx = path.join(folder, 'means.onnx');
  const golden = path.join(folder, 'golden.png');
  writeFileSync(golden, files[0]!);
  writeFileSync(
    onnx,
    onnxModel({
      nodes: [
        { op: 'ReduceMean', inputs: ['x'], outputs: ['m'], attributes: { axes: [2, 3], keepdims: 0 } },
        { op: 'Mul', inputs: ['m', 'factors'], outputs: ['y'] },
      ],
      inputs: [{ name: 'x', type: 'float32', shape: ['N', 3, 4, 4] }],
      outputs: [{ name: 'y', type: 'float32', shape: ['N', 3] }],
      constants: [{ name: 'factors', type: 'float32', dims: [3], values: factors }],
    }),
  );
  const request = requestFor(onnx, {
    answers: { ...meaning, id: 'means', task: 'feature-extraction', preprocess: 'unit' },
    golden: [{ kind: 'picture', name: 'Two colours', file: golden }],
  });
  await build(request);
  const unpacked = await unpack(request.out, path.join(folder, 'packs', 'means'), appVersion);
  if (!unpacked.ok) throw new Error(unpacked.fault.message);
  test = await openTestServing({ engine: { modelFolders: [path.join(folder, 'packs')] } });
  core = await startCore(test, { grpcBind: '127.0.0.1:0', anyone });
}, 60_000);
afterAll(async () => {
  await core?.close();
  await test?.close();
});

/** One byte a value and one factor: a value is off by half a step at most. */
function expectNear(found: readonly number[], at: number): void {
  const step = Math.max(...wanted[at]!.map(Math.abs)) / 127;
  expect(found).toHaveLength(3);
  for (const [place, value] of wanted[at]!.entries())
    expect(Math.abs(found[place]! - value)).toBeLessThanOrEqual(step / 2 + 1e-5);
}

it('POST /predict gives the record with its values', async () => {
  for (const [at, body] of files.entries()) {
    const answer = await fetch(`${core.url}/predict`, { method: 'POST', body: new Uint8Array(body) });
    expect(answer.status).toBe(200);
    const { result } = (await answer.json()) as { result: { task: string; embedding: readonly number[] } };
    expect(Object.keys(result)).toEqual(['task', 'embedding']);
    expect(result.task).toBe('feature-extraction');
    expectNear(result.embedding, at);
  }
});

it('Open Inference Protocol gives the tensor embedding, as JSON and as bytes', async () => {
  const image = {
    name: 'image',
    datatype: 'BYTES',
    shape: [2],
    parameters: { content_type: 'base64' },
    data: files.map((file) => file.toString('base64')),
  };
  const url = `${core.url}/v2/models/means`;
  const { outputs } = jsonOf(await post(`${url}/infer`, { inputs: [image] })) as {
    outputs: readonly Tensor[];
  };
  expect(outputs).toMatchObject([{ name: 'embedding', datatype: 'FP32', shape: [2, 3] }]);
  for (const at of [0, 1]) expectNear(outputs[0]!.data.slice(3 * at, 3 * at + 3), at);

  const binary = await post(`${url}/infer`, { inputs: [image], parameters: { binary_data_output: true } });
  expect([...new Float32Array(Uint8Array.from(tailOf(binary)).buffer)]).toEqual([
    ...new Float32Array(outputs[0]!.data),
  ]);
  const metadata = jsonOf(await get(url)) as { parameters: object };
  expect(metadata.parameters).toEqual({ picture_input: 'image', picture_outputs: 'embedding' });
});

it("the graph's own tensors go in and come out exactly", async () => {
  const x = {
    name: 'x',
    datatype: 'FP32',
    shape: [1, 3, 4, 4],
    data: [0.5, 0.25, 0.75].flatMap((v) => Array<number>(16).fill(v)),
  };
  const { outputs } = jsonOf(await post(`${core.url}/v2/models/means/infer`, { inputs: [x] })) as {
    outputs: readonly Tensor[];
  };
  expect(outputs).toMatchObject([{ name: 'y', shape: [1, 3], data: [1.5, -1, 0.75] }]);
});

it('TensorFlow Serving gives a row of values for each photo', async () => {
  const instances = files.map((file) => ({ b64: file.toString('base64') }));
  const answer = await post(`${core.url}/v1/models/means:predict`, {
    signature_name: 'predict_images',
    instances,
  });
  const { predictions } = JSON.parse(answer.bytes.toString('utf8')) as { predictions: readonly number[][] };
  expect(predictions).toHaveLength(2);
  for (const at of [0, 1]) expectNear(predictions[at]!, at);
});

it('gRPC gives the tensor embedding', async () => {
  const client = connect(core.server.grpcAddress ?? '');
  try {
    const { outputs } = await client.call('ModelInfer', {
      model_name: 'means',
      inputs: [{ name: 'image', datatype: 'BYTES', shape: [2], contents: { bytes_contents: files } }],
    });
    expect(outputs).toMatchObject([{ name: 'embedding', datatype: 'FP32', shape: ['2', '3'] }]);
    for (const at of [0, 1]) expectNear(outputs[0].contents.fp32_contents.slice(3 * at, 3 * at + 3), at);
  } finally {
    client.close();
  }
});

type Tensor = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: readonly number[];
};
