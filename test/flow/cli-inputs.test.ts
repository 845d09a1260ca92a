import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fsPath } from '../../main/lib/file-names.ts';
import { commandLine, linesOf, outpost, photo, root } from './cli-process.ts';
import { newFolder } from '../temp/folder.ts';

const place = newFolder('inputs');
const data = path.join(place, 'data');
const predict = (args: readonly string[], input: string | Uint8Array = ''): ReturnType<typeof outpost> =>
  outpost(['predict', '--data', data, ...args], { input });
const paths = [photo('coffee.png'), photo('camera.png')];

beforeAll(async () => {
  expect((await predict(paths)).code).toBe(0);
});
afterAll(() => {
  chmodSync(place, 0o755);
});

describe('a list on standard input', () => {
  const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
  it.each([
    ['as PowerShell 7 and Notepad write it', [], Buffer.from(`\ufeff${paths.join('\r\n')}\r\n`)],
    ['as Windows PowerShell writes it', [], utf16(`\ufeff${paths.join('\r\n')}\r\n`)],
    ['as find -print0 writes it', [], Buffer.from(`${paths.join('\0')}\0`)],
    ['with --null', ['--null'], Buffer.from(paths.join('\0'))],
    ['with -0', ['-0'], Buffer.from(paths.join('\0'))],
  ])('%s', async (_, args, input) => {
    const { code, out } = await predict([...args, '-'], input);
    expect([code, linesOf(out).map((line) => line.input)]).toEqual([0, paths]);
  });

  it('an empty one is said to be empty', async () => {
    const { code, out, error } = await predict(['-'], '\r\n\n');
    expect([code, out]).toEqual([1, '']);
    expect(error).toContain('The list on standard input names no file.');
    expect(error).toContain('[list-empty]');
  });

  it('a list that names a folder without photos says so', async () => {
    mkdirSync(path.join(place, 'bare'), { recursive: true });
    writeFileSync(path.join(place, 'bare', 'notes.txt'), 'none');
    const { code, error } = await predict(['-'], path.join(place, 'bare'));
    expect(code).toBe(1);
    expect(error).toContain('Left out: 1 other file\n');
    expect(error).toContain('[nothing-to-do]');
    expect(error).not.toContain(' in -');
  });
});

describe('a folder', () => {
  it('what is left out is counted in the closing line', async () => {
    const folder = path.join(place, 'card');
    mkdirSync(path.join(folder, '@eaDir'), { recursive: true });
    for (const name of ['IMG_1', 'b.jfif', '@eaDir/t.jpg', '._b.jfif', 'clip.mov', 'clip.thm'])
      copyFileSync(photo('rocket.jpg'), path.join(folder, name));
    const { code, out, error } = await predict([folder]);
    expect([code, linesOf(out).map(({ input }) => path.basename(input))]).toEqual([0, ['IMG_1', 'b.jfif']]);
    expect(error).toMatch(/\/s; left out: 2 other files, 1 hidden entry, 1 system folder\n$/u);
  });

  it.runIf(process.getuid?.() === 0)('sub-folders that may not be entered are faults, exit 2', async () => {
    const season = path.join(place, 'season');
    mkdirSync(path.join(season, 'card-b'), { recursive: true });
    mkdirSync(path.join(season, 'locked'), { mode: 0o700 });
    mkdirSync(path.join(season, 'listed', 'inner'), { recursive: true });
    copyFileSync(photo('coffee.png'), path.join(season, 'card-b', 'coffee.png'));
    copyFileSync(photo('coffee.png'), path.join(season, 'listed', 'inner', 'coffee.png'));
    chmodSync(path.join(season, 'listed'), 0o744);
    chmodSync(place, 0o755);
    const home = path.join(place, 'nobody');
    mkdirSync(home);
    chmodSync(home, 0o777);
    const { code, out, error } = await outpost(['predict', '--data', path.join(home, 'data'), season], {
      user: 65_534,
      cwd: '/',
      env: { HOME: home },
    });
    const lines = linesOf(out).map(({ input, fault }) => [path.relative(season, input), fault?.code]);
    expect(lines, error).toEqual([
      ['card-b/coffee.png', undefined],
      ['listed/inner', 'folder-unreadable'],
      ['locked', 'folder-unreadable'],
    ]);
    expect(code).toBe(2);
  });
});

describe.runIf(process.platform === 'linux')('names that are not UTF-8', () => {
  const name = 'Gr\udcfcn.jpg';
  const folder = path.join(place, 'latin');
  const file = path.join(folder, name);
  beforeAll(() => {
    mkdirSync(folder);
    copyFileSync(photo('rocket.jpg'), fsPath(file));
  });

  it('are answered in a folder and in a list, and stand in JSON so that they can be read back', async () => {
    const inFolder = await predict([folder]);
    expect(inFolder.out).toContain('Gr\\udcfcn.jpg');
    const listed = await predict(['-'], Buffer.concat([fsPath(file) as Buffer, Buffer.from('\n')]));
    for (const { code, out } of [inFolder, listed])
      expect([code, linesOf(out).map(({ input }) => input)]).toEqual([0, [file]]);
  });

  it('are answered when a shell hands them over as an argument', async () => {
    const command = [process.execPath, ...(await commandLine()), 'predict', '--data', data];
    const script = `exec "$@" "$FOLDER/$(printf 'Gr\\374n.jpg')"`;
    const child = spawn('sh', ['-c', script, 'sh', ...command], {
      cwd: root,
      env: { ...process.env, FOLDER: folder },
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stdin.end();
    await new Promise((ended) => child.on('close', ended));
    expect(linesOf(out)).toMatchObject([{ input: file, model: 'efficientnet-lite0' }]);
  });
});
