import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parseArguments } from '../../main/app/arguments.ts';

const cwd = resolve('/home/ann');
const at = (...parts: string[]) => resolve(cwd, ...parts);

it('reads what stands behind the program, and passes Chromium’s switches over', () => {
  const argv = [
    'electron',
    '--no-sandbox',
    '-r',
    'loader.js',
    '/opt/outpost',
    '--data',
    'mine',
    '--models=m1',
    '--models',
    '/m2',
    '--enable-x',
    'a.jpg',
    '/b/c.jpg',
  ];
  expect(parseArguments(argv, cwd, resolve('/opt/outpost'))).toEqual({
    data: at('mine'),
    models: [at('m1'), at('/m2')],
    files: [at('a.jpg'), at('/b/c.jpg')],
  });
});

it('takes every word of the installed program', () => {
  expect(parseArguments(['outpost', 'a.jpg', '--data=x'], cwd)).toEqual({
    data: at('x'),
    models: [],
    files: [at('a.jpg')],
  });
  expect(parseArguments(['outpost', '--data'], cwd)).toEqual({ data: undefined, models: [], files: [] });
});

it('knows the folder of the app by any spelling', () => {
  expect(parseArguments(['electron', '.', 'x.jpg'], cwd, cwd).files).toEqual([at('x.jpg')]);
});
