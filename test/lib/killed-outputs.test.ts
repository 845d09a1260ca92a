import { spawn } from 'node:child_process';
import { linkSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { beforeAll, expect, it } from 'vitest';
import { openOutput, writeOutput } from '../../main/lib/output-file.ts';
import { sweepScratch } from '../../main/lib/scratch.ts';
import { fileForOthers, somebodyElse } from '../fixtures/others-file.ts';
import { newFolder } from '../temp/folder.ts';

/* Outputs that may not be renamed over their target, killed on the way by a signal that nothing catches. */

const root = path.resolve(import.meta.dirname, '..', '..');
const built = path.join(newFolder(), 'output-file.js');
const pieces = 40;

beforeAll(async () => {
  const bundle = await rolldown({
    input: path.join(root, 'main', 'lib', 'output-file.ts'),
    platform: 'node',
  });
  await bundle.write({ file: built, format: 'esm' });
  await bundle.close();
});

/** Fills `file` and kills itself as soon as `isTime` says so, which may look at `names`, those of the folder. */
async function killedWhile(file: string, isTime: string, as = 0): Promise<void> {
  const script = `
    import { readdirSync } from 'node:fs';
    import path from 'node:path';
    import { openOutput } from ${JSON.stringify(pathToFileURL(built).href)};
    const file = process.argv[1];
    const look = () => {
      const names = readdirSync(path.dirname(file));
      if (${isTime}) process.kill(process.pid, 'SIGKILL');
      setImmediate(look);
    };
    if (${as} > 0) process.seteuid(${as});
    const output = await openOutput(file);
    process.seteuid(0);
    let written = 0;
    look();
    for (; written < ${pieces}; written += 1) await output.write(Buffer.alloc(1024 ** 2, 'n'));
    await output.keep();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, '--', file], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  expect(await once(child, 'close')).toEqual([null, 'SIGKILL']);
}
const isRoot = process.getuid?.() === 0 && process.platform === 'linux';

it.runIf(isRoot)(
  'what was being copied into a file of another owner stays until that is whole again, and goes then',
  async () => {
    const { folder, file } = fileForOthers();
    await killedWhile(file, "names.some((name) => name.endsWith('.copying'))", somebodyElse);
    const left = readdirSync(folder).filter((name) => name !== 'out');
    expect(left).toEqual([expect.stringMatching(/^\.out\.[0-9a-f]{8}\..+\.copying$/u)]);
    // It is the only complete one, so an output that does not come to its end leaves it.
    expect(readFileSync(path.join(folder, left[0]!))).toHaveLength(pieces * 1024 ** 2);
    const given = await openOutput(file);
    await given.write('half');
    await given.discard();
    await writeOutput(path.join(folder, 'other'), 'new');
    expect(readdirSync(folder)).toContain(left[0]);

    await writeOutput(file, 'next');
    expect(readdirSync(folder).sort()).toEqual(['other', 'out']);
    expect(readFileSync(file, 'utf8')).toBe('next');
  },
);

it.runIf(isRoot)('a draft in the folder for temporary files goes at the next start', async () => {
  const folder = newFolder();
  const file = path.join(folder, 'out');
  writeFileSync(file, 'old');
  linkSync(file, path.join(folder, 'another name of it'));
  const drafts = (): readonly string[] => readdirSync(tmpdir()).filter((name) => /-out-/u.test(name));
  await killedWhile(file, 'written > 3');
  expect(readFileSync(file, 'utf8')).toBe('old');
  expect(drafts()).toEqual([expect.stringMatching(/^outpost-\d+-out-\w{6}$/u)]);
  sweepScratch(tmpdir());
  expect(drafts()).toEqual([]);
});
