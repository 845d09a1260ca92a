import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTemp, reportsSince, withLeftovers } from '../../tools/checks/leftovers.mjs';
import { newFolder } from '../temp/folder.ts';

const root = path.join(import.meta.dirname, '../..');

describe('the folder for temporary files of a kind of tests', () => {
  it('lists what was left in it', async () => {
    const temp = openTemp({ patienceMs: 0 });
    expect(await temp.left()).toEqual([]);
    mkdirSync(path.join(temp.folder, 'outpost-x'));
    expect(await temp.left()).toEqual(['outpost-x']);
    temp.remove();
  });

  it('passes over what a killed program left, where programs are killed on purpose', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const temp = openTemp({ kills: true, patienceMs: 0 });
    for (const name of [`outpost-${pid}-workers-x`, `outpost-${process.pid}-workers-x`, 'outpost-serve-x'])
      mkdirSync(path.join(temp.folder, name));
    expect((await temp.left()).toSorted()).toEqual(
      [`outpost-${process.pid}-workers-x`, 'outpost-serve-x'].toSorted(),
    );
    temp.remove();
  });

  it('waits for what is being removed', async () => {
    const temp = openTemp();
    const file = path.join(temp.folder, 'late');
    writeFileSync(file, '');
    setTimeout(() => rmSync(file), 200);
    expect(await temp.left()).toEqual([]);
    temp.remove();
  });
});

it('reports of ONNX Runtime are seen by their time', () => {
  const cache = newFolder('reports');
  expect(reportsSince(0, cache)).toEqual([]);
  const file = path.join(cache, 'Microsoft', 'DeveloperTools', '.onnxruntime', 'onnxruntime.db');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '');
  expect(reportsSince(Date.now() - 60_000, cache)).toEqual([file]);
  expect(reportsSince(Date.now() + 60_000, cache)).toEqual([]);
});

it('what was left is one failure more, with its name', () => {
  const sums = { passed: 3, failed: 0, output: 'said' };
  expect(withLeftovers(sums, [])).toBe(sums);
  const more = Array.from({ length: 22 }, (_, at) => `f${at}`);
  const failed = withLeftovers(sums, more);
  expect(failed).toMatchObject({ passed: 3, failed: 1, note: '22 left behind' });
  expect(failed.output).toContain('    f19\n    and 2 more');
});

it('a file of tests that leaves a folder fails, and one that cleans up does not', () => {
  const folder = newFolder('planted');
  const helper = path.join(root, 'test/temp/folder.ts');
  writeFileSync(
    path.join(folder, 'leaves.test.ts'),
    `import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'vitest';
test('x', () => void mkdtempSync(tmpdir() + '/outpost-left-'));`,
  );
  writeFileSync(
    path.join(folder, 'cleans.test.ts'),
    `import { test } from 'vitest';
import { newFolder } from ${JSON.stringify(helper)};
test('fails and cleans all the same', () => { newFolder('gone'); throw new Error('on purpose'); });`,
  );
  const config = path.join(folder, 'vitest.config.mjs');
  const test = {
    pool: 'forks',
    include: ['*.test.ts'],
    setupFiles: [path.join(root, 'test/temp/each-file.ts')],
  };
  writeFileSync(config, `export default ${JSON.stringify({ root: folder, test })};`);
  const program = path.join(root, 'node_modules/vitest/vitest.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'run', '--config', config], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  const printed = stdout + stderr;
  expect(status).toBe(1);
  expect(printed).toMatch(/Left in the folder for temporary files: outpost-left-/u);
  expect(printed).not.toContain('outpost-gone-');
  expect(printed).toContain('on purpose');
}, 60_000);
