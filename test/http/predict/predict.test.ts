import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../fakes/engine.ts';
import { openTestServing, startCore, tokens } from '../server/fixture.ts';
import type { CoreServer, TestServing } from '../server/fixture.ts';
import { writePeople } from './packs.ts';

const fixture = (...steps: string[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(path.join(root, 'test', 'fixtures', ...steps)));
const cat = fixture('photos', 'chelsea.png');
const rocket = fixture('photos', 'rocket.jpg');
/** Comes in several pieces. */
const large = fixture('photos', 'astronaut.png');

let folder: string;
let serving: TestServing;
let core: CoreServer;
beforeAll(async () => {
  folder = writePeople();
  serving = await openTestServing({ engine: { modelFolders: [path.join(root, 'models'), folder] } });
  core = await startCore(serving, { tokens });
}, 60_000);
afterAll(async () => {
  await core.close();
  await serving.close();
});

type Sent = {
  readonly query?: string;
  readonly type?: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
};
function predict(body: BodyInit, { query = '', type, accept, headers }: Sent = {}): Promise<Response> {
  return fetch(`${core.url}/predict${query}`, {
    method: 'POST',
    body,
    ...(body instanceof ReadableStream && { duplex: 'half' }),
    headers: {
      ...headers,
      authorization: 'Bearer good',
      ...(type !== undefined && { 'content-type': type }),
      ...(accept !== undefined && { accept }),
    },
  });
}
type Fault = { readonly error: string; readonly code: string };
type Picture = {
  input: string;
  cached: boolean;
  model: string;
  result: { predictions: { label: string; score: number }[] };
};
type Boxes = { cached: boolean; result: { detections: { label: string; score: number; box: number[] }[] } };
const labelsOf = ({ result }: Picture): string[] => result.predictions.map(({ label }) => label);

describe('photos', () => {
  test('a JPEG is answered with the record of the command line', async () => {
    const answer = await predict(rocket, { type: 'image/jpeg', query: '?top=3&name=rocket.jpg' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/u);
    const record = (await answer.json()) as Picture;
    expect(Object.keys(record).join(' ')).toBe(
      'input digest model version packDigest variant provider cached durationMs at appVersion result',
    );
    expect(record).toMatchObject({ input: 'rocket.jpg', model: 'efficientnet-lite0', provider: 'cpu' });
    expect(labelsOf(record)).toHaveLength(3);
    expect(labelsOf(record)[0]).toMatch(/missile|projectile/u);
    await expect.poll(() => core.entries.at(-1)?.model).toBe('efficientnet-lite0');
    expect(core.entries.at(-1)).toMatchObject({ program: 'Lab notebook', path: '/predict' });
  });

  test('any content type that curl sends for a file will do, and a version or label of a model', async () => {
    for (const type of ['application/octet-stream', 'application/x-www-form-urlencoded', 'image/png'])
      expect((await predict(cat, { type })).status, type).toBe(200);
    expect((await predict(cat, { query: '?model=efficientnet-lite0@stable' })).status).toBe(200);
    expect((await predict(cat, { query: '?decode=fast&cache=false' })).status).toBe(200);
  });

  test('however a photo is sent, its record names the digest of its bytes and says the same of it', async () => {
    const digest = `sha256:${createHash('sha256').update(large).digest('hex')}`;
    const query = '?top=3&cache=false&name=large.png';
    const form = new FormData();
    form.append('file', new File([large], 'large.png'));
    const packed = { 'content-encoding': 'gzip' };
    const ways = {
      whole: await predict(large, { query }),
      'of unknown length': await predict(new Blob([large]).stream(), { query }),
      packed: await predict(new Uint8Array(gzipSync(large)), { query, headers: packed }),
      'in a form': await predict(form, { query }),
      'from the cache': await predict(large, { query: '?top=3&name=large.png' }),
    };
    const records = await Promise.all(Object.values(ways).map((answer) => answer.json() as Promise<Picture>));
    for (const [at, record] of records.entries())
      expect(record, Object.keys(ways)[at]).toMatchObject({ digest, result: records[0]!.result });
    expect(records.map(({ cached }) => cached)).toEqual([false, false, false, false, true]);
  });

  test('a detector gives boxes from the threshold on that is asked for, and others when it looks thoroughly', async () => {
    const sheet = new Uint8Array(readFileSync(path.join(root, 'models/camera-triage/samples/sheet.jpg')));
    const found = async (query: string): Promise<Boxes> => {
      const answer = await predict(sheet, { type: 'image/jpeg', query: `?model=camera-triage&${query}` });
      expect(answer.status, query).toBe(200);
      return (await answer.json()) as Boxes;
    };
    const usual = await found('cache=false');
    expect(usual.result).toMatchObject({ task: 'object-detection', width: 1280, height: 960 });
    expect(usual.result.detections).toHaveLength(4);
    const [low, high] = [await found('threshold=0'), await found('threshold=0.75')];
    expect([low.cached, high.cached]).toEqual([true, true]);
    expect(low.result.detections.length).toBeGreaterThan(4);
    expect(high.result.detections).toEqual(usual.result.detections.filter(({ score }) => score >= 0.75));
    const thorough = await found('thorough=true');
    expect(thorough.cached).toBe(false);
    expect(thorough.result.detections).not.toEqual(usual.result.detections);
    expect((await predict(cat, { query: '?threshold=2' })).status).toBe(400);
    const refused = await predict(cat, { query: '?model=efficientnet-lite0&thorough=true' });
    expect([refused.status, ((await refused.json()) as Fault).code]).toEqual([400, 'task-mismatch']);
  });

  test('a form with two files gives two records, as a list or as lines', async () => {
    const form = new FormData();
    form.append('file', new File([cat], 'cat.png', { type: 'image/png' }));
    form.append('file', new File([rocket], 'a "quoted" näme.jpg', { type: 'image/jpeg' }));
    form.append('top', '1');
    const answer = await predict(form);
    expect(answer.status).toBe(200);
    const records = (await answer.json()) as Picture[];
    expect(records.map(({ input }) => input)).toEqual(['cat.png', 'a "quoted" näme.jpg']);
    expect(labelsOf(records[0]!)).toHaveLength(1);
    expect(labelsOf(records[0]!)[0]).toMatch(/cat|tabby/iu);
    expect(labelsOf(records[1]!)[0]).toMatch(/missile|projectile/u);
    const lines = await predict(form, { accept: 'application/x-ndjson' });
    expect(lines.headers.get('content-type')).toMatch(/^application\/x-ndjson/u);
    const texts = (await lines.text()).trim().split('\n');
    expect(texts.map((line) => (JSON.parse(line) as Picture).input)).toEqual(
      records.map(({ input }) => input),
    );
  });

  test('one file in a form is one record; a bad one among good ones stands in its place', async () => {
    const one = new FormData();
    one.append('photo', new File([cat], 'cat.png'));
    expect((await (await predict(one)).json()) as Picture).toMatchObject({ input: 'cat.png' });
    const mixed = new FormData();
    mixed.append('a', new File([fixture('bad', 'truncated.jpg').slice(0, 200)], 'torn.jpg'));
    mixed.append('b', new File([cat], 'cat.png'));
    const records = (await (await predict(mixed)).json()) as [{ fault: { code: string } }, Picture];
    expect(records[0]).toMatchObject({ input: 'torn.jpg', fault: { code: 'image-unreadable' } });
    expect(labelsOf(records[1])[0]).toMatch(/cat|tabby/iu);
  });

  test('a form of which no photo can be read is refused by the first', async () => {
    const form = new FormData();
    form.append('a', new File([rocket.slice(0, 400)], 'torn.jpg'));
    form.append('b', new File(['x'], 'text.jpg'));
    const answer = await predict(form);
    expect(answer.status).toBe(422);
    expect(((await answer.json()) as Fault).error).toContain('torn.jpg');
  });

  test('a bad photo is refused by name', async () => {
    const refused = async (bytes: Uint8Array<ArrayBuffer>): Promise<[number, string, string]> => {
      const answer = await predict(bytes, { query: '?name=holiday.jpg', type: 'image/jpeg' });
      const { error, code } = (await answer.json()) as Fault;
      expect(error).toContain('holiday.jpg');
      return [answer.status, code, error];
    };
    expect((await refused(rocket.slice(0, 400))).slice(0, 2)).toEqual([422, 'image-unreadable']);
    expect((await refused(new Uint8Array())).slice(0, 2)).toEqual([422, 'file-empty']);
    expect((await refused(fixture('bad', 'text.jpg'))).slice(0, 2)).toEqual([415, 'not-a-picture']);
    const huge = await refused(fixture('bad', 'claims-60000x60000.png'));
    expect(huge.slice(0, 2)).toEqual([413, 'image-too-large']);
  });

  test('wrong parameters, models and types are named', async () => {
    const cases = [
      ['?top=0', 400, 'top'],
      ['?top=1&top=2', 400, 'top'],
      ['?decode=quick', 400, 'decode'],
      ['?colour=red', 400, 'colour'],
      ['?model=', 400, 'model'],
      ['?model=UPPER', 404, 'UPPER'],
      ['?model=nothing-here', 404, 'nothing-here'],
      ['?model=efficientnet-lite0@9.9.9', 404, '9.9.9'],
      ['?model=tensor-demo', 400, 'tensor-demo'],
    ] as const;
    for (const [query, status, named] of cases) {
      const answer = await predict(cat, { query });
      expect(answer.status, query).toBe(status);
      expect(((await answer.json()) as Fault).error, query).toContain(named);
    }
    const json = await predict('{}', { type: 'application/json' });
    expect([json.status, ((await json.json()) as Fault).code]).toEqual([415, 'media-type-unsupported']);
  });

  test('broken forms are refused with the reason', async () => {
    const cases = [
      ['multipart/form-data', 'x', 'boundary'],
      ['multipart/form-data; boundary=abc', 'nothing', 'boundary abc'],
      [
        'multipart/form-data; boundary=abc',
        '--abc\r\nContent-Disposition: form-data; name="a"\r\n\r\nx',
        'no end',
      ],
      ['multipart/form-data; boundary=abc', '--abc\r\nX: y\r\n\r\nx\r\n--abc--', 'no name'],
      ['multipart/form-data; boundary=abc', '--abc--', 'no file'],
    ] as const;
    for (const [type, body, reason] of cases) {
      const answer = await predict(body, { type });
      expect(answer.status, reason).toBe(400);
      expect(((await answer.json()) as Fault).error).toContain(reason);
    }
  });
});

describe('tables', () => {
  const table =
    'city,age,height,left-handed\n"Köln, Nord",41,1.75,true\r\n"say ""hi""",-9007199254740993,NaN,0\n';
  const post = (body: string, query = '?model=people', accept?: string): Promise<Response> =>
    predict(body, { query, type: 'text/csv; charset=utf-8', ...(accept !== undefined && { accept }) });

  test('a table comes back as a table', async () => {
    const answer = await post(table);
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv/u);
    expect(await answer.text()).toBe(
      'age_out,height_out,city_out,left-handed_out\n41,1.75,"Köln, Nord",true\n-9007199254740993,NaN,"say ""hi""",false\n',
    );
  });

  test('or as the record of a tensor run', async () => {
    const answer = await post(table, '?model=people@1.2.3&name=people.csv', 'application/json');
    expect(await answer.json()).toMatchObject({
      input: 'people.csv',
      model: 'people',
      version: '1.2.3',
      result: {
        task: 'tensor',
        outputs: {
          age_out: { type: 'int64', dims: [2, 1], data: [41, '-9007199254740993'] },
          height_out: { type: 'float32', dims: [2, 1], data: [1.75, 'NaN'] },
          city_out: { type: 'string', dims: [2, 1], data: ['Köln, Nord', 'say "hi"'] },
          'left-handed_out': { type: 'bool', data: [true, false] },
        },
      },
    });
  });

  test('what is wrong is named by row and column', async () => {
    const head = 'age,height,city,left-handed\n';
    const cases = [
      [`${head}1,2,x,true\n2,tall,y,false\n`, 'Row 2, column height: "tall" is no float32'],
      [`${head}1.5,2,x,true\n`, 'Row 1, column age: "1.5" is no int64'],
      [`${head}9223372036854775808,2,x,true\n`, 'Row 1, column age'],
      [`${head}1,,x,true\n`, 'Row 1, column height: it is empty'],
      [`${head}1,2,x,maybe\n`, 'Row 1, column left-handed'],
      [`${head}1,2,x\n`, 'Row 1: it has 3 cells'],
      ['age,height,city\n1,2,x\n', 'Column left-handed: it is missing'],
      ['age,height,city,left-handed,shoe\n1,2,x,1,43\n', 'Column shoe: the model has no such input'],
      ['age,age\n1,2\n', 'Column age: there are two'],
      [head, 'no row below the names'],
      ['', 'no row of names'],
      [`${head}1,2,"x,true\n`, 'a quote is not closed'],
    ] as const;
    for (const [body, reason] of cases) {
      const answer = await post(body);
      expect(answer.status, reason).toBe(400);
      expect(((await answer.json()) as Fault).error).toContain(reason);
    }
    const wide = await post('a,b,count\n1,2,3\n', '?model=tensor-demo');
    expect(((await wide.json()) as Fault).error).toContain('its input a is not one column');
  });
});

test('the start page is text in a terminal, HTML in a browser and JSON for a program, and loads nothing', async () => {
  const text = await fetch(core.url, { headers: { 'user-agent': 'curl/8.5.0' } });
  expect(text.headers.get('content-type')).toMatch(/^text\/plain/u);
  expect(await text.text()).toContain('/predict');
  const page = await fetch(core.url, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
  expect(page.headers.get('content-type')).toMatch(/^text\/html/u);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await page.text()).toContain('href="docs"');
  // What kserve's client asks in its first protocol: is_server_live.
  const program = await fetch(core.url, { headers: { 'user-agent': 'python-httpx/0.28', accept: '*/*' } });
  expect(await program.json()).toMatchObject({ status: 'alive' });
});
