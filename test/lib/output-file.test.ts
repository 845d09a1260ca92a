import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { outputFault } from '../../main/cli/destination.ts';
import { draftOf, openDraft, openOutput, writeOutput } from '../../main/lib/output-file.ts';
import { newFolder } from '../temp/folder.ts';

const place = newFolder();
let next = 0;
const folder = (): string => {
  const made = path.join(place, String((next += 1)));
  mkdirSync(made);
  return made;
};
const isRoot = process.getuid?.() === 0;

/** Both ways of writing an output: piece by piece, and by a path. */
const ways = [
  ['pieces', (file: string): Promise<void> => writeOutput(file, 'new\n')],
  [
    'a draft',
    async (file: string): Promise<void> => {
      const draft = await openDraft(file);
      writeFileSync(draft.file, 'new\n');
      await draft.keep();
    },
  ],
] as const;

describe.each(ways)('an output written as %s', (_, write) => {
  it('a new file, and one that is replaced whole with its mode', async () => {
    const file = path.join(folder(), 'out');
    await write(file);
    expect(readFileSync(file, 'utf8')).toBe('new\n');
    writeFileSync(file, 'a longer old content\n');
    chmodSync(file, 0o640);
    const before = statSync(file).ino;
    await write(file);
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['new\n', 0o640]);
    expect(statSync(file).ino).not.toBe(before);
    expect(readdirSync(path.dirname(file))).toEqual(['out']);
  });

  it('a folder of the person’s stays, whatever its name and whatever else is in it', async () => {
    const results = path.join(folder(), 'outpost-out-2026');
    mkdirSync(results);
    writeFileSync(path.join(results, 'notes.txt'), 'a season of work');
    const file = path.join(results, 'card.json');
    await write(file);
    await write(file);
    expect(readdirSync(results).sort()).toEqual(['card.json', 'notes.txt']);
  });

  it('a link stays a link, also one to a file that is not there yet', async () => {
    const [here, share] = [folder(), folder()];
    writeFileSync(path.join(share, 'old'), 'old');
    symlinkSync(path.join(share, 'old'), path.join(here, 'a'));
    symlinkSync(path.join('..', path.basename(share), 'fresh'), path.join(here, 'b'));
    for (const [link, target] of [
      ['a', 'old'],
      ['b', 'fresh'],
    ] as const) {
      await write(path.join(here, link));
      expect(lstatSync(path.join(here, link)).isSymbolicLink()).toBe(true);
      expect(readFileSync(path.join(share, target), 'utf8')).toBe('new\n');
    }
    expect([readdirSync(here), readdirSync(share)]).toEqual([
      ['a', 'b'],
      ['fresh', 'old'],
    ]);
  });

  it('a file with two names keeps both', async () => {
    const here = folder();
    writeFileSync(path.join(here, 'one'), 'a longer old content');
    linkSync(path.join(here, 'one'), path.join(here, 'two'));
    await write(path.join(here, 'one'));
    expect(readFileSync(path.join(here, 'two'), 'utf8')).toBe('new\n');
  });

  it.runIf(process.platform !== 'win32')('a pipe is written into and stays', async () => {
    const pipe = path.join(folder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const writing = write(pipe);
    const reader = spawn('cat', [pipe]);
    const taken: Buffer[] = [];
    reader.stdout.on('data', (piece: Buffer) => taken.push(piece));
    await Promise.all([writing, once(reader, 'close')]);
    expect(Buffer.concat(taken).toString()).toBe('new\n');
    expect(lstatSync(pipe).isFIFO()).toBe(true);
  });

  it.runIf(isRoot && process.platform === 'linux')('a device is written into and stays', async () => {
    const device = path.join(folder(), 'null');
    try {
      execFileSync('mknod', ['-m', '666', device, 'c', '1', '3'], { stdio: 'ignore' });
      writeFileSync(device, 'try');
    } catch {
      // Containers without the right to make one: the system's own.
      return write('/dev/null').then(() => expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true));
    }
    await write(device);
    expect(lstatSync(device).isCharacterDevice()).toBe(true);
  });

  it.runIf(isRoot)('the owner stays', async () => {
    const file = path.join(folder(), 'out');
    writeFileSync(file, 'old');
    chownSync(file, 1234, 2345);
    chmodSync(file, 0o664);
    await write(file);
    const { uid, gid, mode } = statSync(file);
    expect([uid, gid, mode & 0o777, readFileSync(file, 'utf8')]).toEqual([1234, 2345, 0o664, 'new\n']);
  });

  it('a folder, and a place that is not there, are refused and nothing is left', async () => {
    const here = folder();
    await expect(write(here)).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(write(path.join(here, 'none', 'out'))).rejects.toMatchObject({ code: 'ENOENT' });
    symlinkSync('circle', path.join(here, 'circle'));
    await expect(write(path.join(here, 'circle'))).rejects.toMatchObject({ code: 'ELOOP' });
    expect(readdirSync(here)).toEqual(['circle']);
  });
});

describe('an output that is given up', () => {
  it('leaves the file as it was, and no draft', async () => {
    const file = path.join(folder(), 'out');
    for (const before of [null, 'old\n']) {
      if (before !== null) writeFileSync(file, before);
      const output = await openOutput(file);
      await output.write('half');
      await output.discard();
      expect(existsSync(file) ? readFileSync(file, 'utf8') : null).toBe(before);
      expect(readdirSync(path.dirname(file))).toEqual(before === null ? [] : ['out']);
    }
  });

  it.runIf(process.platform !== 'win32')(
    'a pipe that nobody reads is waited for until the signal fires',
    async () => {
      const pipe = path.join(folder(), 'pipe');
      execFileSync('mkfifo', [pipe]);
      const abort = new AbortController();
      const opening = openOutput(pipe, { signal: abort.signal });
      setTimeout(() => abort.abort(), 100);
      await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
    },
  );
});

it.each(ways)('what cannot be copied into its file is kept, and the fault says where (%s)', async (way) => {
  const here = folder();
  const file = path.join(here, 'one');
  writeFileSync(file, 'old');
  linkSync(file, path.join(here, 'two'));
  const output = way === 'pieces' ? await openOutput(file) : await openDraft(file);
  if ('write' in output) await output.write('new\n');
  else writeFileSync(output.file, 'new\n');
  // From here on it cannot be opened for writing.
  rmSync(file);
  mkdirSync(file);
  const error: unknown = await output.keep().catch((reason: unknown) => reason);
  await output.discard();
  expect(error).toMatchObject({ code: 'EISDIR' });
  const draft = draftOf(error);
  expect(readFileSync(draft!, 'utf8')).toBe('new\n');
  expect(outputFault(file, 'predict', error)).toMatchObject({
    code: 'output-not-copied',
    message: expect.stringContaining(draft!),
  });
  rmSync(path.dirname(draft!), { recursive: true });
});

/** As somebody who may write the file and not its folder. */
it.runIf(isRoot && process.platform === 'linux')(
  'a file of somebody else in a folder that may not be written is written in place',
  async () => {
    const here = folder();
    const file = path.join(here, 'group');
    writeFileSync(file, 'a longer old content');
    chmodSync(here, 0o755);
    chmodSync(place, 0o755);
    chmodSync(file, 0o666);
    const before = statSync(file).ino;
    process.seteuid!(65_534);
    try {
      await writeOutput(file, 'new\n');
    } finally {
      process.seteuid!(0);
    }
    expect([readFileSync(file, 'utf8'), statSync(file).ino, statSync(file).uid]).toEqual([
      'new\n',
      before,
      0,
    ]);
    expect(readdirSync(here)).toEqual(['group']);
  },
);
