import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandArguments, linkedModel, parseArguments } from '../../main/app/arguments.ts';

const cwd = resolve('/home/ann');
const argumentsOf = (line: string) => commandArguments(['outpost', ...line.split(' ')], cwd);

describe('a command among the arguments', () => {
  it.each([
    ['predict a.jpg --top 3', ['predict', 'a.jpg', '--top', '3']],
    ['--data x models list', ['--data', 'x', 'models', 'list']],
    ['--quiet --models=m doctor', ['--quiet', '--models=m', 'doctor']],
    ['--help', ['--help']],
    ['--version', ['--version']],
    [
      '--ozone-platform=headless --no-sandbox --log-level=3 predict --no-sandbox',
      ['predict', '--no-sandbox'],
    ],
  ])('%s', (line, args) => {
    expect(argumentsOf(line)).toEqual(args);
  });

  it.each([
    'a.jpg',
    './predict',
    '--data predict',
    '--data x a.jpg predict',
    '--no-sandbox',
    'outpost://models/x',
  ])('none in: %s', (line) => {
    expect(argumentsOf(line)).toBeNull();
  });

  it('stands behind the folder of the app in a checkout', () => {
    expect(commandArguments(['electron', '-r', 'l.js', '/opt/o', 'doctor'], cwd, '/opt/o')).toEqual([
      'doctor',
    ]);
    expect(commandArguments(['electron', 'doctor', '/opt/o'], cwd, '/opt/o')).toBeNull();
  });
});

describe('a link', () => {
  it('shows a model, and that is all it can do', () => {
    expect(linkedModel('outpost://models/efficientnet-lite0')).toBe('efficientnet-lite0');
    expect(linkedModel('outpost://models/efficientnet-lite0/')).toBe('efficientnet-lite0');
  });

  it.each([
    'outpost://models',
    'outpost://models/',
    'outpost://models/a/b',
    'outpost://models/a?install=1',
    'outpost://models/a#b',
    'outpost://models/../settings',
    'outpost://models/%61',
    'outpost://models/A',
    'outpost://user@models/a',
    'outpost://models:80/a',
    'outpost:models/a',
    'OUTPOST://models/a',
    'outpost://install/a',
    'outpost://app/index.html',
    'outpost://models/a\n--data=/tmp',
    `outpost://models/${'a'.repeat(81)}`,
    'https://models/a',
  ])('is not understood as %j', (link) => {
    expect(linkedModel(link)).toBeUndefined();
  });

  it('is neither a file nor an option', () => {
    const { files, data, model } = parseArguments(['outpost', 'outpost://models/a', 'OUTPOST://x'], cwd);
    expect({ files, data, model }).toEqual({ files: [], data: undefined, model: undefined });
    expect(parseArguments(['outpost', 'outpost://models/a'], cwd).model).toBe('a');
  });
});
