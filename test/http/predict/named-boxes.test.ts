// One photo, found and named, over every protocol: each has to say what POST /predict says.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textsOf } from '../../../main/lib/length-prefixed.ts';
import { root } from '../../fakes/engine.ts';
import { connect } from '../oip-grpc/fixture.ts';
import { get, jsonOf, post, tailOf } from '../oip/fixture.ts';
import { anyone, openTestServing, startCore } from '../server/fixture.ts';
import type { CoreServer, TestServing } from '../server/fixture.ts';

const model = 'camera-names';
const sample = (name: string): Buffer => readFileSync(path.join(root, 'models', model, 'samples', name));
const sheet = sample('sheet.jpg');
/** Nothing is found on it: a row of its own that has to be filled up. */
const brick = readFileSync(path.join(root, 'test/fixtures/photos/brick.png'));

type Called = { readonly index: number; readonly label: string; readonly score: number };
type Detection = Called & {
  readonly box: readonly number[];
  readonly group: Called;
  readonly name: (Called & { readonly id: string }) | null;
};
type Printed = {
  readonly cached: boolean;
  readonly result: { readonly task: string; readonly detections: readonly Detection[] };
};
type Named = { readonly name: string; readonly shape: readonly number[]; readonly data: readonly unknown[] };

type Described = {
  readonly inputs: readonly { readonly name: string; readonly datatype: string }[];
  readonly outputs: readonly object[];
};
type Typed = {
  readonly name: string;
  readonly contents: {
    readonly bytes_contents: readonly Buffer[];
    readonly fp32_contents: readonly number[];
    readonly int64_contents: readonly string[];
  };
};

let test: TestServing;
let core: CoreServer;
let record: Printed;
beforeAll(async () => {
  test = await openTestServing();
  core = await startCore(test, { grpcBind: '127.0.0.1:0', anyone: anyone });
  record = (await (await predict(sheet)).json()) as Printed;
}, 60_000);
afterAll(async () => {
  await core?.close();
  await test?.close();
});

function predict(photo: Buffer, { query = '', accept = '*/*' } = {}): Promise<Response> {
  return fetch(`${core.url}/predict?model=${model}${query}`, {
    method: 'POST',
    body: new Uint8Array(photo),
    headers: { 'content-type': 'application/octet-stream', accept },
  });
}
const columnOf = <T>(take: (each: Detection) => T): T[] => record.result.detections.map(take);
const single = (values: readonly number[]): number[] => [...new Float32Array(values)];

/** The tensors that the two photos have to give, by name: the second is empty, so its row is filled up. */
const expected = () => ({
  boxes: [...single(columnOf(({ box }) => box).flat()), ...Array<number>(16).fill(0)],
  scores: [...single(columnOf(({ score }) => score)), 0, 0, 0, 0],
  labels: [...columnOf(({ label }) => label), '', '', '', ''],
  count: [4, 0],
  groups: [...columnOf(({ group }) => group.label), '', '', '', ''],
  group_scores: [...single(columnOf(({ group }) => group.score)), 0, 0, 0, 0],
});
const names = ['boxes', 'scores', 'labels', 'count', 'groups', 'group_scores'];
const shapes = [[2, 4, 4], [2, 4], [2, 4], [2], [2, 4], [2, 4]];

describe('POST /predict', () => {
  it('gives each box its group and its name', async () => {
    expect(record.result).toMatchObject({ task: 'detect-classify', width: 1280, height: 960 });
    expect(columnOf(({ group }) => group.label)).toEqual(['animal', 'person', 'animal', 'person']);
    expect(columnOf(({ label }) => label)).toEqual(['Egyptian cat', 'person', expect.any(String), 'person']);
    const [cat, person] = record.result.detections as [Detection, Detection];
    expect(cat.name).toMatchObject({ id: 'n02124075', label: 'Egyptian cat', score: cat.score });
    expect([person.name, person.score]).toEqual([null, person.group.score]);
    expect(cat.group.score).toBeCloseTo(0.828, 2);
  });

  it('leaves out what is below the threshold of the detector, and keeps other answers for a thorough look', async () => {
    const high = (await (await predict(sheet, { query: '&threshold=0.75' })).json()) as Printed;
    expect(high.cached).toBe(true);
    expect(high.result.detections).toEqual(
      record.result.detections.filter(({ group }) => group.score >= 0.75),
    );
    expect(high.result.detections).toHaveLength(2);
    const thorough = (await (await predict(sheet, { query: '&thorough=true' })).json()) as Printed;
    expect(thorough.cached).toBe(false);
    expect(thorough.result.detections).not.toEqual(record.result.detections);
  });

  it('gives a record a line for a form of two photos', async () => {
    const form = new FormData();
    form.append('a', new File([new Uint8Array(sheet)], 'sheet.jpg'));
    form.append('b', new File([new Uint8Array(brick)], 'brick.png'));
    const answer = await fetch(`${core.url}/predict?model=${model}`, {
      method: 'POST',
      body: form,
      headers: { accept: 'application/x-ndjson' },
    });
    const lines = (await answer.text()).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as Printed).result.detections)).toEqual([
      record.result.detections,
      [],
    ]);
  });

  it('refuses tensors, and a photo that is none by its name', async () => {
    const table = await fetch(`${core.url}/predict?model=${model}`, {
      method: 'POST',
      body: 'x\n1\n',
      headers: { 'content-type': 'text/csv' },
    });
    expect(table.status).toBe(400);
    const torn = await predict(sheet.subarray(0, 300), { query: '&name=torn.jpg' });
    expect([torn.status, await torn.text()]).toEqual([422, expect.stringContaining('torn.jpg')]);
  });
});

describe('Open Inference Protocol', () => {
  const image = {
    name: 'image',
    datatype: 'BYTES',
    shape: [2],
    parameters: { content_type: 'base64' },
    data: [sheet.toString('base64'), brick.toString('base64')],
  };
  const infer = (body: object, tail?: Uint8Array) => post(`${core.url}/v2/models/${model}/infer`, body, tail);

  it('gives boxes, names, groups and both scores as JSON', async () => {
    const { outputs } = jsonOf(await infer({ inputs: [image] })) as { outputs: readonly Named[] };
    expect(outputs.map(({ name }) => name)).toEqual(names);
    expect(outputs.map(({ shape }) => shape)).toEqual(shapes);
    expect(
      Object.fromEntries(
        outputs.map(({ name, data }) => [
          name,
          name.match(/boxes|scores/u) ? single(data.map(Number)) : data,
        ]),
      ),
    ).toEqual(expected());
  });

  it('gives the same as bytes behind the JSON, and as many boxes as are asked for', async () => {
    const photos = [sheet, brick].map((photo) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(photo.byteLength);
      return Buffer.concat([length, photo]);
    });
    const tail = Buffer.concat(photos);
    const input = {
      name: 'image',
      datatype: 'BYTES',
      shape: [2],
      parameters: { binary_data_size: tail.byteLength },
    };
    const answer = await infer({ inputs: [input], parameters: { binary_data_output: true } }, tail);
    const { outputs } = jsonOf(answer) as {
      outputs: readonly { name: string; parameters: { binary_data_size: number } }[];
    };
    const bytes = tailOf(answer);
    let at = 0;
    const read = outputs.map(({ name, parameters: { binary_data_size: size } }) => {
      const own = Uint8Array.from(bytes.subarray(at, (at += size)));
      if (name === 'labels' || name === 'groups') return [name, textsOf(own)];
      return [
        name,
        [...(name === 'count' ? new BigInt64Array(own.buffer) : new Float32Array(own.buffer))].map(Number),
      ];
    });
    expect(Object.fromEntries(read)).toEqual(expected());
    expect(at).toBe(bytes.byteLength);

    const two = jsonOf(await infer({ inputs: [image], parameters: { k: 2 } })) as {
      outputs: readonly Named[];
    };
    expect(two.outputs.map(({ shape }) => shape[1] ?? null)).toEqual([2, 2, 2, null, 2, 2]);
    expect(two.outputs.find(({ name }) => name === 'count')!.data).toEqual([2, 0]);
  });

  it('says in its metadata what it takes and gives, as it has no tensors of its own', async () => {
    const image = { name: 'image', datatype: 'BYTES', shape: [-1] };
    const metadata = jsonOf(await get(`${core.url}/v2/models/${model}`)) as Described;
    expect(metadata.inputs).toEqual([image]);
    const row = [-1, -1];
    expect(metadata.outputs).toEqual([
      { name: 'boxes', datatype: 'FP32', shape: [-1, -1, 4] },
      { name: 'scores', datatype: 'FP32', shape: row },
      { name: 'labels', datatype: 'BYTES', shape: row },
      { name: 'count', datatype: 'INT64', shape: [-1] },
      { name: 'groups', datatype: 'BYTES', shape: row },
      { name: 'group_scores', datatype: 'FP32', shape: row },
    ]);
    // A pack with a graph goes on to name the graph's own.
    const other = jsonOf(await get(`${core.url}/v2/models/camera-triage`)) as Described;
    expect(other.inputs.map(({ datatype }) => datatype)).toEqual(['FP32']);
  });

  it('gives the same over gRPC', async () => {
    const client = connect(core.server.grpcAddress ?? '');
    try {
      const answer = await client.call('ModelInfer', {
        model_name: model,
        inputs: [
          { name: 'image', datatype: 'BYTES', shape: [2], contents: { bytes_contents: [sheet, brick] } },
        ],
      });
      const outputs = (answer.outputs as readonly Typed[]).map(({ name, contents }) => {
        if (name === 'count') return [name, contents.int64_contents.map(Number)];
        if (contents.bytes_contents.length > 0) return [name, contents.bytes_contents.map(String)];
        return [name, contents.fp32_contents];
      });
      expect(Object.fromEntries(outputs)).toEqual(expected());
      const metadata = await client.call('ModelMetadata', { name: model });
      expect(metadata.outputs.map(({ name }: Named) => name)).toEqual(names);
    } finally {
      client.close();
    }
  });
});

describe('TensorFlow Serving', () => {
  it('gives columns of all photos, or a row for each photo', async () => {
    const [one, other] = [sheet, brick].map((photo) => ({ b64: photo.toString('base64') }));
    const url = `${core.url}/v1/models/${model}:predict`;
    const ask = async (body: object) =>
      JSON.parse((await post(url, body)).bytes.toString('utf8')) as {
        outputs: Record<string, unknown[]>;
        predictions: Record<string, unknown[]>[];
      };
    const { outputs } = await ask({ inputs: [one, other] });
    expect(Object.keys(outputs).sort()).toEqual([...names].sort());
    const wanted = expected();
    expect(outputs['labels']!.flat()).toEqual(wanted.labels);
    expect(outputs['groups']!.flat()).toEqual(wanted.groups);
    expect(outputs['count']).toEqual([4, 0]);
    expect(single(outputs['group_scores']!.flat() as number[])).toEqual(wanted.group_scores);
    expect(single(outputs['boxes']!.flat(2) as number[])).toEqual(wanted.boxes);
    const named = await ask({ signature_name: 'predict_images', inputs: [one, other] });
    expect(named.outputs).toEqual(outputs);
    const { predictions } = await ask({ instances: [{ image: one }, { image: other }] });
    expect(predictions.map(({ count }) => count)).toEqual([4, 0]);
    expect(predictions[0]!['groups']).toEqual(wanted.groups.slice(0, 4));
  });
});
