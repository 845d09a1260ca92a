import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { commandVerbs } from '../../main/app/arguments.ts';
import { placesFrom } from '../../main/cli/places.ts';
import { runProgram } from '../../main/cli/program.ts';
import { newFolder } from '../temp/folder.ts';

const script = resolve(import.meta.dirname, '../../build/linux/outpost');
const forCommands = '--ozone-platform=headless --no-sandbox --no-zygote --disable-gpu --log-level=3';

it('the commands that the window knows are those of the command line', async () => {
  let reported = '';
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      reported += chunk.toString();
      done();
    },
  });
  const world = { places: placesFrom(import.meta.url), streams: { out, error: out }, isColored: false };
  expect(await runProgram(['--help'], world)).toBe(0);
  const listed = reported.slice(reported.indexOf('Commands:')).matchAll(/^ {2}([a-z]+) /gmu);
  expect(new Set([...listed].map(([, name]) => name))).toEqual(new Set(commandVerbs));
});

describe.skipIf(process.platform !== 'linux')('the script on the PATH', () => {
  let folder: string;
  beforeAll(() => {
    // In the program's place stands one that tells how it was started.
    folder = newFolder('launcher');
    mkdirSync(join(folder, 'program/bin'), { recursive: true });
    cpSync(script, join(folder, 'program/bin/outpost'));
    writeFileSync(join(folder, 'program/outpost'), '#!/bin/sh\nprintf "%s|" "$@"\n');
    for (const name of ['program/bin/outpost', 'program/outpost']) chmodSync(join(folder, name), 0o755);
    symlinkSync('program/bin/outpost', join(folder, 'outpost'));
  });
  const start = (args: readonly string[]) =>
    execFileSync(join(folder, 'outpost'), args, { encoding: 'utf8' }).split('|').slice(0, -1);

  it.each(commandVerbs)('starts without a screen for %s', (verb) => {
    expect(start([verb, 'a b', '--x'])).toEqual([...forCommands.split(' '), verb, 'a b', '--x']);
  });

  it('looks behind options', () => {
    expect(start(['--data', 'x y', 'doctor'])).toEqual([
      ...forCommands.split(' '),
      '--data',
      'x y',
      'doctor',
    ]);
    expect(start(['--models=m', '--help'])).toEqual([...forCommands.split(' '), '--models=m', '--help']);
  });

  it.each([
    [['a.jpg']],
    [['a.jpg', 'predict']],
    [['--data', 'predict', 'a.jpg']],
    [['outpost://models/a']],
    [['./doctor']],
  ])('opens the window for %j', (args) => {
    expect(start(args)).toEqual(args);
  });
});
