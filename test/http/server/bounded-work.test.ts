import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerPictures, mostPictures } from '../../../main/http/server/answer-pictures.ts';
import { valueOf } from '../../../main/http/predict/csv/cells.ts';
import { tableTensors } from '../../../main/http/predict/csv/matrix.ts';
import { tableText } from '../../../main/http/predict/csv/write.ts';
import { readMultipart } from '../../../main/http/predict/multipart.ts';
import type { PictureRequest, Serving } from '../../../main/serving/index.ts';
import { readGraph } from '../../../main/packs/graph/read.ts';
import { model } from '../../packs/onnx-parts.ts';
import { openTestServing, startCore } from './fixture.ts';
import type { CoreServer, TestServing } from './fixture.ts';

let serving: TestServing;
let core: CoreServer;
beforeAll(async () => {
  serving = await openTestServing();
  core = await startCore(serving);
}, 60_000);
afterAll(async () => {
  await core.close();
  await serving.close();
});

/** Processor time of this process: what others do at the same time does not count. */
function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

test('a long cell that is nearly a number is judged in one look', () => {
  expect(cpuMs(() => expect(valueOf('float32', `${'1'.repeat(200_000)}z`)).toBeNull())).toBeLessThan(200);
  expect(['1', '1.', '.5', '1.5e3', '+2', '1e', '.', ''].map((text) => valueOf('float64', text))).toEqual([
    1,
    1,
    0.5,
    1500,
    2,
    null,
    null,
    null,
  ]);
});

test('a table of very many columns is read in one look, and a wider one is not written', () => {
  const names = Array.from({ length: 40_000 }, (_, at) => `c${at}`);
  const table = Buffer.from(`${names.join(',')}\n${names.map((_, at) => at % 10).join(',')}\n`);
  const type = 'float32' as const;
  const read = (inputs: Parameters<typeof tableTensors>[1]): void => {
    expect(cpuMs(() => expect(tableTensors(table, inputs).ok).toBe(true))).toBeLessThan(1_000);
  };
  read(names.map((name) => ({ name, type, shape: [-1] })));
  read([{ name: 'x', type, shape: [-1, -1] }]);
  const answer = (width: number) =>
    tableText([{ name: 'x', type, dims: [1, width], data: new Uint8Array(4 * width) }], 1);
  expect(answer(65_536).ok).toBe(true);
  const wide = answer(5_000_000);
  expect(wide.ok ? '' : wide.fault.message).toContain('at most 65536 columns');
});

test('a large table is read in a time that fits its size, and what cannot be right ends with its first fault', () => {
  const matrix = [{ name: 'x', type: 'float32' as const, shape: [-1, -1] }];
  const narrow = Buffer.from(`a,b,c,d\n${'1.5,2.25,"3",-4\n'.repeat(1_000_000)}`);
  expect(
    cpuMs(() => {
      const read = tableTensors(narrow, matrix);
      if (!read.ok) throw new Error(read.fault.message);
      const [{ dims, data } = { dims: [], data: new Uint8Array() }] = read.value.tensors;
      const values = new Float32Array(data.buffer, data.byteOffset, 8);
      expect([[...dims], [...values]]).toEqual([
        [1_000_000, 4],
        [1.5, 2.25, 3, -4, 1.5, 2.25, 3, -4],
      ]);
    }),
  ).toBeLessThan(1_500);
  const fault = (table: string, maxRows?: number): string => {
    const read = tableTensors(Buffer.from(table), matrix, maxRows);
    return read.ok ? '' : read.fault.message;
  };
  const long = '1\n'.repeat(10_000_000);
  const cases = [
    () => expect(fault(`a\n${long}`, 1_000)).toContain('it has more than 1000 rows'),
    () => expect(fault(`a\nx\n${long}`)).toContain('Row 1, column a: "x" is no float32'),
    () => expect(fault(`a\n1,2\n${long}`)).toContain('Row 1: it has 2 cells'),
    () => expect(fault(','.repeat(20_000_000))).toContain('there are two of that name'),
  ];
  for (const each of cases) expect(cpuMs(each)).toBeLessThan(500);
});

test('heads of parts with quotes that stay open are read once', () => {
  const head = `Content-Disposition: form-data; ${'x="'.repeat(2_600)}`;
  const body = Buffer.from(`${`--b\r\n${head}\r\n\r\nz\r\n`.repeat(900)}--b--`);
  expect(cpuMs(() => readMultipart(body, 'multipart/form-data; boundary=b'))).toBeLessThan(1_000);
  const good = `--b\r\nContent-Disposition: form-data; name="a;b \\"c\\""; filename=""\r\n\r\n1\r\n--b--`;
  expect(readMultipart(Buffer.from(good), 'multipart/form-data; charset=x; Boundary="b"')).toMatchObject({
    ok: true,
    value: [{ name: 'a;b "c"', file: '' }],
  });
});

test('a model of empty nodes is refused', async () => {
  const nodes = Buffer.alloc(2 * 1_000_001, Buffer.from([0x0a, 0x00]));
  const empty = model({ nodes: [] });
  expect((await readGraph(empty, 'empty.onnx')).ok).toBe(true);
  // As the graph's content: field 7, behind its length.
  const length = Buffer.from([0x3a, 0x82, 0x89, 0x7a]);
  const read = await readGraph(Buffer.concat([length, nodes]), 'nodes.onnx');
  expect(read).toMatchObject({ ok: false, fault: { code: 'onnx-unreadable' } });
  expect(read.ok ? '' : read.fault.message).toContain('1000000 nodes and tensors');
});

const infer = (shape: number, tail: Buffer): Promise<Response> => {
  const inputs = [
    { name: 'image', datatype: 'BYTES', shape: [shape], parameters: { binary_data_size: tail.byteLength } },
  ];
  const head = Buffer.from(JSON.stringify({ inputs }));
  return fetch(`${core.url}/v2/models/efficientnet-lite0/infer`, {
    method: 'POST',
    body: Buffer.concat([head, tail]),
    headers: { 'inference-header-content-length': String(head.byteLength) },
  });
};

test('more pictures than one request may have are refused before any is looked at', async () => {
  const count = 100_000;
  const tail = Buffer.alloc(5 * count, Buffer.from([1, 0, 0, 0, 65]));
  const before = process.cpuUsage();
  const response = await infer(count, tail);
  const { user } = process.cpuUsage(before);
  expect(response.status).toBe(400);
  expect(await response.text()).toContain(`at most ${mostPictures}`);
  expect(user / 1000).toBeLessThan(1_500);
});

test('pictures within the limit: one that fails ends the others', async () => {
  const count = mostPictures;
  const response = await infer(count, Buffer.alloc(5 * count, Buffer.from([1, 0, 0, 0, 65])));
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect((await fetch(`${core.url}/livez`)).status).toBe(200);
}, 60_000);

test('a few pictures are under way at once, and the deadline is for all of them', async () => {
  let now = 0;
  let most = 0;
  const deadlines: number[] = [];
  const slow = {
    status: () => ({ workers: 3 }),
    picture: async ({ deadlineMs = 0, signal }: PictureRequest) => {
      deadlines.push(deadlineMs);
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 20));
      now -= 1;
      return signal?.aborted
        ? { ok: false as const, fault: { code: 'cancelled' } }
        : { ok: true as const, value: {} };
    },
  } as unknown as Serving;
  const pictures = Array.from({ length: 30 }, (_, at) => ({ name: `${at}`, bytes: Buffer.from('x') }));
  const served = serving.serving.catalogue()[0]!;
  const how = { served, client: 'http', signal: new AbortController().signal, deadlineMs: 5_000 } as const;
  const all = await answerPictures(slow, pictures, { ...how, isAllOrNothing: true });
  expect(all.ok && all.value.length).toBe(30);
  expect(most).toBe(6);
  expect(deadlines.at(-1)).toBeLessThan(4_990);
  const empty = [...pictures.slice(0, 2), { name: 'none', bytes: Buffer.alloc(0) }, ...pictures];
  expect(await answerPictures(slow, empty, { ...how, isAllOrNothing: true })).toMatchObject({
    ok: false,
    fault: { code: 'file-empty' },
  });
  const each = await answerPictures(slow, empty, { ...how, isAllOrNothing: false });
  expect(each.ok && each.value.filter(({ ok }) => ok)).toHaveLength(32);
});

test('millions of empty texts are refused before they are made', async () => {
  const body = Buffer.concat([
    Buffer.from('{"inputs":[{"name":"image","datatype":"BYTES","shape":[5000001],"data":['),
    Buffer.from('"",'.repeat(5_000_000)),
    Buffer.from('""]}]}'),
  ]);
  const response = await fetch(`${core.url}/v2/models/efficientnet-lite0/infer`, { method: 'POST', body });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('more than 1000000 texts');
  const binary = await infer(1, Buffer.alloc(4 * 5_000_000));
  expect(binary.status).toBe(400);
  expect(await binary.text()).toContain('not 1 elements');
});
