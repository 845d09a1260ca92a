import { existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { linesOf, outpost, photo } from './cli-process.ts';
import { newFolder } from '../temp/folder.ts';

const place = newFolder('surroundings');
const predict = (env: NodeJS.ProcessEnv, options: Parameters<typeof outpost>[1] = {}, ...more: string[]) =>
  outpost(['predict', photo('chelsea.png'), ...more], { ...options, env });

it.skipIf(process.platform === 'win32')('a temporary folder with a long name is no hindrance', async () => {
  // Names of sockets are cut at 107 bytes: then each of them is this folder's own.
  const TMPDIR = path.join(place, 'job'.padEnd(106 - Buffer.byteLength(place), '-'));
  mkdirSync(TMPDIR, { recursive: true });
  const { code, out } = await predict({ TMPDIR }, {}, '--data', path.join(place, 'data'));
  expect(code).toBe(0);
  expect(linesOf(out)[0]?.result?.predictions[0]?.label).toBe('tiger cat');
});

it.skipIf(process.platform === 'win32')(
  'without a temporary folder the command says so and ends',
  async () => {
    const TMPDIR = path.join(place, 'none');
    const { code, error } = await predict({ TMPDIR }, {}, '--data', path.join(place, 'data'));
    expect(error).toContain(`No temporary files can be made in ${TMPDIR} (ENOENT).`);
    expect(error).not.toContain('    at ');
    expect(code).toBe(1);
  },
);

const isRoot = process.getuid?.() === 0;
it.runIf(isRoot && process.platform === 'linux')(
  'a user id without a name or a home is answered',
  async () => {
    const env = Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined]));
    const own = { ...env, PATH: process.env['PATH'], TMPDIR: undefined };
    const { code, out, error } = await predict(own, { user: 12_345 });
    expect(error).not.toContain('    at ');
    expect(linesOf(out)[0]?.result?.predictions[0]?.label).toBe('tiger cat');
    expect(code).toBe(0);
  },
);

it.runIf(process.platform === 'linux')(
  'empty and relative folders of the environment count as not named',
  async () => {
    const HOME = mkdtempSync(path.join(place, 'home-'));
    const cwd = mkdtempSync(path.join(place, 'cwd-'));
    for (const XDG_DATA_HOME of ['', 'relative']) {
      const { code } = await outpost(['cache', 'stats'], {
        cwd,
        env: { HOME, XDG_DATA_HOME, OUTPOST_DATA: '' },
      });
      expect(code).toBe(0);
      expect(readdirSync(cwd)).toEqual([]);
      expect(existsSync(path.join(HOME, '.local', 'share', 'outpost', 'outpost.db'))).toBe(true);
    }
  },
);
