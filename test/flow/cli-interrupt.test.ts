import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { commandLine, linesOf, outpost, photo, plantPhotos, root } from './cli-process.ts';
import { newFolder } from '../temp/folder.ts';

const place = newFolder('stop');
const data = path.join(place, 'data');
const count = 300;

beforeAll(async () => {
  plantPhotos(path.join(place, 'photos'), count);
  expect((await outpost(['predict', '--data', data, photo('camera.png')])).code).toBe(0);
});

/** Runs over the folder and does `then` once, to the whole process group, after some answers were written. */
async function interrupted(
  args: readonly string[],
  after: number,
  signals: readonly NodeJS.Signals[],
): ReturnType<typeof outpost> {
  let isDone = false;
  return outpost(['predict', '--data', data, path.join(place, 'photos'), ...args], {
    onOut: (text, child) => {
      if (isDone || text.split('\n').length <= after) return;
      isDone = true;
      for (const signal of signals) process.kill(-child.pid!, signal);
    },
  });
}

describe('stopping in the middle', () => {
  it('Ctrl-C ends with 130, closes with the sums, and what was answered comes from the cache the next time', async () => {
    const { code, out, error } = await interrupted(['--format', 'jsonl'], 10, ['SIGINT']);
    expect(error).toMatch(/\n?\d+ answered \(\d+ from cache\), 0 faults, [\d.]+ s, [\d.]+\/s\n$/u);
    expect(code).toBe(130);
    const done = linesOf(out);
    expect(done.length).toBeGreaterThanOrEqual(10);
    expect(done.length).toBeLessThan(count);
    expect(done.every(({ fault }) => fault === undefined)).toBe(true);
    const again = await outpost(['predict', '--data', data, '-'], {
      input: done.map(({ input }) => input).join('\n'),
    });
    expect(linesOf(again.out).map(({ cached }) => cached)).toEqual(done.map(() => true));
  });

  it('Ctrl-C keeps what --out has so far, whole', async () => {
    const file = path.join(place, 'answers.json');
    const running = outpost(
      [
        'predict',
        '--data',
        data,
        '--no-cache',
        '--format',
        'json',
        '--out',
        file,
        path.join(place, 'photos'),
        '--verbose',
      ],
      {},
    );
    const pid = await partialOf(place);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    process.kill(-pid, 'SIGINT');
    const { code } = await running;
    expect(code).toBe(130);
    const remaining = JSON.parse(readFileSync(file, 'utf8')) as unknown[];
    expect(remaining.length).toBeLessThan(count);
    expect(readdirSync(place).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('kill -9 of everything loses nothing that was finished, and the store opens', async () => {
    const seen: { at: number; lines: number }[] = [];
    let killedAt = 0;
    const fresh = path.join(place, 'killed');
    await outpost(['predict', '--data', fresh, photo('camera.png')]);
    const { signal, out } = await outpost(['predict', '--data', fresh, path.join(place, 'photos')], {
      onOut: (text, child) => {
        seen.push({ at: performance.now(), lines: text.split('\n').length - 1 });
        if (killedAt > 0 || text.split('\n').length < 40) return;
        killedAt = performance.now();
        process.kill(-child.pid!, 'SIGKILL');
      },
    });
    expect(signal).toBe('SIGKILL');
    // Answers are committed in groups at most 50 ms apart.
    const settled = Math.max(0, ...seen.filter(({ at }) => at < killedAt - 200).map(({ lines }) => lines));
    expect(settled).toBeGreaterThan(5);
    const done = out
      .split('\n')
      .slice(0, settled)
      .map((line) => (JSON.parse(line) as { input: string }).input);
    const verify = await outpost(['cache', 'verify', '--data', fresh]);
    expect(verify.out).toMatch(/0 damaged; database: ok/u);
    expect(verify.code).toBe(0);
    const again = await outpost(['predict', '--data', fresh, '-'], { input: done.join('\n') });
    expect(linesOf(again.out).filter(({ cached }) => !cached)).toEqual([]);
  });

  it('a reader that leaves ends it quietly', async () => {
    const command = [
      process.execPath,
      ...(await commandLine()),
      'predict',
      '--data',
      data,
      '--no-cache',
      path.join(place, 'photos'),
    ];
    const script = '"$@" | head -n 1; echo "codes ${PIPESTATUS[*]}"';
    const shell = spawn('bash', ['-c', script, 'bash', ...command], { cwd: root });
    let out = '';
    let error = '';
    shell.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    shell.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
    await new Promise((resolve) => shell.on('close', resolve));
    const [first = '', codes] = out.trim().split('\n');
    expect(JSON.parse(first)).toMatchObject({ model: 'efficientnet-lite0' });
    expect(codes).toBe('codes 0 0');
    expect(error).toBe('');
  });
});

/** Process id of the command line that writes a `.partial` file in the folder; it names the file after itself. */
async function partialOf(folder: string): Promise<number> {
  for (;;) {
    const name = readdirSync(folder).find((entry) => entry.endsWith('.partial'));
    const pid = name?.match(/\.[0-9a-f]{8}\.(\d+)(?:\.[0-9a-f]+){3}\.partial$/u)?.[1];
    if (pid) return Number(pid);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
