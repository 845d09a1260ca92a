import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { linesOf, outpost, photo, plantPhotos, root } from './cli-process.ts';
import { newFolder } from '../temp/folder.ts';

const place = newFolder('cli');
const data = path.join(place, 'data');
const predict = (...args: readonly string[]): ReturnType<typeof outpost> =>
  outpost(['predict', '--data', data, ...args]);
const closing = /(\d+) answered \((\d+) from cache\), (\d+) faults?, [\d.]+ s, [\d.]+\/s\n$/u;

beforeAll(async () => {
  // The first start proves the provider and measures the shapes; the tests need not wait for it again.
  expect((await predict(photo('camera.png'))).code).toBe(0);
});

describe('outpost predict', () => {
  it('answers a photo as one JSON line with exactly the promised fields', async () => {
    const { code, out, error } = await predict('--no-cache', photo('chelsea.png'));
    expect(error).toMatch(/^(?:.*\n)?1 answered \(0 from cache\), 0 faults, /u);
    expect(code).toBe(0);
    const record = JSON.parse(out) as Record<string, unknown>;
    expect(Object.keys(record)).toEqual([
      'input',
      'digest',
      'model',
      'version',
      'packDigest',
      'variant',
      'provider',
      'cached',
      'durationMs',
      'at',
      'appVersion',
      'result',
    ]);
    expect(record).toMatchObject({
      input: photo('chelsea.png'),
      model: 'efficientnet-lite0',
      version: '1.0.0',
      variant: 'fp32',
      provider: 'cpu',
      cached: false,
      appVersion: '0.1.0',
    });
    const { result } = record as {
      result: { task: string; predictions: readonly Record<string, unknown>[] };
    };
    expect(Object.keys(result)).toEqual(['task', 'predictions']);
    expect(result.predictions).toHaveLength(5);
    expect(Object.keys(result.predictions[0] ?? {})).toEqual(['index', 'id', 'label', 'score']);
    expect(result.predictions[0]).toMatchObject({ index: 282, label: 'tiger cat' });
    expect(result.predictions[0]?.['score']).toBeCloseTo(0.41, 2);
  });

  it('answers files in the order given, folders in path order, and the second time from the cache', async () => {
    const folder = path.join(place, 'order');
    plantPhotos(path.join(folder, 'b'), 2);
    plantPhotos(path.join(folder, 'a'), 2, 'retina.jpg');
    const wanted = [
      photo('coffee.png'),
      ...['a', 'b'].flatMap((name) => [0, 1].map((at) => path.join(folder, name, `photo-000${at}.jpg`))),
      photo('chelsea.png'),
    ];
    const first = await predict(photo('coffee.png'), folder, photo('chelsea.png'));
    expect(linesOf(first.out).map(({ input }) => input)).toEqual(wanted);
    const second = await predict(photo('coffee.png'), folder, photo('chelsea.png'));
    expect(linesOf(second.out).map(({ cached }) => cached)).toEqual(wanted.map(() => true));
    expect(second.error).toMatch(/^(?:.*\n)?6 answered \(6 from cache\), 0 faults/u);
    expect(linesOf(second.out).map(({ result }) => result)).toEqual(
      linesOf(first.out).map(({ result }) => result),
    );
    const third = await predict('--no-cache', photo('coffee.png'));
    expect(linesOf(third.out)[0]?.cached).toBe(false);
  });

  it('reads a list of paths from standard input, and ends with 2 when some have faults', async () => {
    const missing = path.join(place, 'missing.jpg');
    const { code, out, error } = await outpost(['predict', '--data', data, '-'], {
      input: `${photo('coffee.png')}\r\n\n${missing}\n${photo('camera.png')}`,
    });
    expect(code).toBe(2);
    const lines = linesOf(out);
    expect(lines.map(({ input }) => input)).toEqual([photo('coffee.png'), missing, photo('camera.png')]);
    expect(Object.keys(lines[1] ?? {})).toEqual(['input', 'fault']);
    expect(lines[1]?.fault).toMatchObject({ code: 'file-not-found' });
    expect(Object.keys(lines[1]?.fault ?? {})).toEqual(['code', 'message', 'hint']);
    expect(error.match(closing)?.slice(1, 4)).toEqual(['2', expect.any(String), '1']);
  });

  it('writes tables, JSON and CSV', async () => {
    const table = await predict('--format', 'table', '--top', '2', photo('chelsea.png'));
    expect(table.out).toMatch(/chelsea\.png +tiger cat +41\.\d % {2}█+/u);
    expect(table.out.split('\n')).toHaveLength(3);
    const json = JSON.parse(
      (await predict('--format', 'json', '--threshold', '0.3', photo('chelsea.png'))).out,
    ) as readonly { result: { predictions: unknown[] } }[];
    expect(json[0]?.result.predictions).toHaveLength(2);
    const csv = (await predict('--format', 'csv', '--top', '1', photo('chelsea.png'))).out.split('\r\n');
    expect(csv).toHaveLength(3);
    expect(csv[1]).toContain('282,n02123159,tiger cat,0.41');
  });

  it('writes to a file that is there only when it is whole', async () => {
    const out = path.join(place, 'out', 'answers.jsonl');
    const refused = await predict('--out', out, photo('chelsea.png'));
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.error).toContain(`${out} cannot be written (ENOENT)`);
    mkdirSync(path.dirname(out));
    const { code, out: printed } = await predict('--out', out, photo('chelsea.png'));
    expect([code, printed]).toEqual([0, '']);
    expect(linesOf(readFileSync(out, 'utf8'))).toHaveLength(1);
    expect(readdirSync(path.dirname(out))).toEqual(['answers.jsonl']);
  });

  it('writes through a link and into a pipe, which stay what they are', async () => {
    const share = path.join(place, 'share.jsonl');
    const [link, pipe] = [path.join(place, 'link.jsonl'), path.join(place, 'pipe')];
    writeFileSync(share, 'old\n');
    symlinkSync(share, link);
    expect((await predict('--out', link, photo('chelsea.png'))).code).toBe(0);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(linesOf(readFileSync(share, 'utf8'))).toHaveLength(1);
    if (process.platform === 'win32') return;
    execFileSync('mkfifo', [pipe]);
    const reader = spawn('cat', [pipe]);
    let taken = '';
    reader.stdout.on('data', (chunk: Buffer) => (taken += chunk.toString()));
    const read = once(reader, 'close');
    expect((await predict('--out', pipe, photo('chelsea.png'))).code).toBe(0);
    await read;
    expect(linesOf(taken)).toHaveLength(1);
    expect(lstatSync(pipe).isFIFO()).toBe(true);
  });

  it('says nothing with --quiet, and takes int8 as another answer', async () => {
    const { code, out, error } = await predict('--quiet', '--variant', 'int8', photo('chelsea.png'));
    expect([code, error]).toEqual([0, '']);
    expect(linesOf(out)[0]).toMatchObject({ variant: 'int8', cached: false });
  });

  it('answers tensors from JSON, int64 without loss', async () => {
    const file = path.join(place, 'tensors.json');
    writeFileSync(
      file,
      '{"a":{"type":"float32","dims":[1,3],"data":[1,2,3]},"b":{"type":"float32","dims":[1,3],"data":[0.5,0,-3]},"count":{"type":"int64","dims":[1],"data":[9007199254740993]}}',
    );
    const { code, out } = await predict(
      '--model',
      'tensor-demo',
      file,
      path.join(root, 'models', 'tensor-demo', 'samples', 'four-rows.json'),
    );
    expect(code).toBe(0);
    const [first, second] = out
      .trim()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as {
            model: string;
            result: { task: string; outputs: Record<string, { data: unknown[] }> };
          },
      );
    expect(first).toMatchObject({
      model: 'tensor-demo',
      result: {
        task: 'tensor',
        outputs: {
          sum: { type: 'float32', dims: [1, 3], data: [1.5, 2, 0] },
          count_out: { type: 'int64', data: ['9007199254740993'] },
        },
      },
    });
    expect(second?.result.outputs['count_out']?.data).toEqual([
      0,
      -1,
      '9007199254740993',
      '9223372036854775807',
    ]);
    writeFileSync(file, '{"a":{"type":"float32","dims":[2],"data":[1]}}');
    const broken = await predict('--model', 'tensor-demo', file);
    expect(broken.code).toBe(2);
    expect(linesOf(broken.out)[0]?.fault).toMatchObject({
      code: 'input-invalid',
      message: expect.stringContaining('take 2 elements') as string,
    });
  });
});

describe('what cannot start ends with 1 and says why', () => {
  it.each([
    [
      'no such model',
      ['--model', 'resnet'],
      /There is no model resnet[^]*On this computer: .*efficientnet-lite0@1\.0\.0/u,
    ],
    ['no such version', ['--model', 'efficientnet-lite0@9.9.9'], /no version 9\.9\.9; there is 1\.0\.0/u],
    ['no such variant', ['--variant', 'fp16'], /no variant fp16; there is fp32, int8/u],
    ['a provider that is not there', ['--provider', 'cuda', '--no-cache'], /cuda cannot be used/u],
    ['no option of that name', ['--colour'], /Unknown option '--colour'/u],
  ])('%s', async (_, args, reason) => {
    const { code, out, error } = await predict(...args, photo('chelsea.png'));
    expect(error).toMatch(reason);
    expect([code, out]).toEqual([1, '']);
  });

  it('a folder without a photo', async () => {
    const folder = path.join(place, 'empty');
    mkdirSync(folder, { recursive: true });
    const { code, out, error } = await predict(folder);
    expect([code, out]).toEqual([1, '']);
    expect(error).toContain('[nothing-to-do]');
    expect(existsSync(folder)).toBe(true);
  });
});
