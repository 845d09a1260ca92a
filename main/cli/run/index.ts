import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { parseShift } from '../../../contract/pictures/camera.ts';
import { DecodeWay, ProviderChoice, VariantChoice } from '../../../contract/ids.ts';
import { parsePlace } from '../../../contract/runs/run-folders.ts';
import type { Add, AsJson, Does } from '../command.ts';
import { modelRef } from '../options.ts';
import type { ShiftOptions, SiteOptions } from './folders.ts';
import type { RemoveOptions, StartOptions } from './options.ts';

/** `outpost run`: runs over many files, kept in the store, which the window shows too. */
export function addRunCommands(program: Command, add: Add, does: Does): void {
  const run = add(program, 'run', 'Answer many files, with every finished one kept: pause, go on, do again.');
  const json = (command: Command): Command => command.option('--json', 'as JSON');
  const one = (name: string, description: string): Command =>
    json(add(run, name, description)).argument('<run>', 'its id, as `outpost run list` shows it');

  const start = json(add(run, 'start', 'Start one, and stay until it is done. Ctrl-C pauses it.'))
    .argument('<input...>', 'files; folders, which are walked; "-" reads a list of paths from standard input')
    .option('--model <id[@version]>', 'default: the active model that takes photos', modelRef)
    .option('--title <text>', 'what it is called (default: the name of its first input)')
    .option('-0, --null', 'names on standard input end with NUL bytes, as `find -print0` writes them')
    .addOption(new Option('--variant <name>', 'which form of the weights').choices(VariantChoice.options))
    .addOption(new Option('--provider <name>', 'what runs the model').choices(ProviderChoice.options))
    .addOption(new Option('--decode <way>', 'as for predict').choices(DecodeWay.options))
    .option('--no-cache', 'answer anew, whatever is stored')
    .option('--thorough', 'as for predict')
    .option('--check', 'look at what it would be, time 20 of the photos, and start nothing');
  does<StartOptions>(start, async (session, options, inputs) =>
    options.check
      ? (await import('./check.ts')).checkRun(session, options, inputs)
      : (await import('./start.ts')).startRun(session, options, inputs),
  );

  const list = json(add(run, 'list', 'Those that are kept, newest first.'));
  does<AsJson>(list, async (session, options) => (await import('./list.ts')).listRuns(session, options));
  const status = one('status', 'How far one is.');
  does<AsJson>(status, async (session, options, [id = '']) =>
    (await import('./list.ts')).showRun(session, options, id),
  );

  const act = (name: 'pause' | 'stop', description: string): void =>
    does<AsJson>(one(name, description), async (session, options, [id = '']) =>
      (await import('./act.ts')).actOnRun(session, { ...options, act: name }, id),
    );
  act('pause', 'Pause one, wherever it runs: in the window, or in another command.');
  act('stop', 'Stop one and keep what is answered.');

  const goOn = (name: 'resume' | 'retry', description: string): void =>
    does<AsJson>(one(name, description), async (session, options, [id = '']) =>
      (await import('./start.ts')).goOnWithRun(session, { ...options, event: name }, id),
    );
  goOn('resume', 'Go on with one that was paused, stopped or interrupted, and stay until it is done.');
  goOn('retry', 'Answer its failed items again, and stay until that is done.');

  const again = one(
    'again',
    'A new run over the same inputs, with the same version, or with another model.',
  ).option('--model <id[@version]>', 'default: the very version that answered before', modelRef);
  does<AsJson & { readonly model?: string }>(again, async (session, options, [id = '']) =>
    (await import('./start.ts')).runAgain(session, options, id),
  );

  const cameras = one(
    'cameras',
    'Its cameras, sites and times, by which an export is filtered, and clocks that were moved.',
  );
  does<AsJson>(cameras, async (session, options, [id = '']) =>
    (await import('./folders.ts')).showCameras(session, options, id),
  );
  const folder = '--folder <folder>';
  const shift = one('shift', 'Set wrong camera clocks right, for all of a run; what they said is kept.')
    .requiredOption('--by <time>', 'as in +1h20m or -1d2h; +0s takes it back', shiftBy)
    .option(folder, 'only photos in this folder of the run');
  does<ShiftOptions>(shift, async (session, options, [id = '']) =>
    (await import('./folders.ts')).shiftRun(session, options, id),
  );
  const site = one('site', 'Say which site the photos of a run are of, and where that is.')
    .argument('<name>', 'what the site is called')
    .option(folder, 'only photos in this folder of the run')
    .option('--at <latitude,longitude>', 'degrees, as in 52.37,4.89', placeAt);
  does<SiteOptions>(site, async (session, options, args) =>
    (await import('./folders.ts')).nameSite(session, options, args),
  );

  const remove = one('remove', 'Remove one with its list; answers and what was confirmed stay.').option(
    '--yes',
    'do not ask; needed where there is no terminal',
  );
  does<RemoveOptions>(remove, async (session, options, [id = '']) =>
    (await import('./act.ts')).removeRun(session, options, id),
  );
}

function shiftBy(text: string): number {
  const seconds = parseShift(text);
  if (seconds === null)
    throw new InvalidArgumentError('It takes a sign and a time, as in +1h20m, -1d or +90s.');
  return seconds;
}

function placeAt(text: string): { readonly latitude: number; readonly longitude: number } {
  const place = parsePlace(text);
  if (place === null)
    throw new InvalidArgumentError('It takes two numbers in degrees, as in 52.37,4.89 or -1.29,36.82.');
  return place;
}
