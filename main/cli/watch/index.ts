import { Option } from 'commander';
import type { Command } from 'commander';
import { DecodeWay, ProviderChoice, VariantChoice } from '../../../contract/ids.ts';
import type { Add, Does } from '../command.ts';
import { modelRef } from '../options.ts';
import type { WatchOptions } from './options.ts';

/** `outpost watch`: a folder whose new files are answered as they come. */
export function addWatchCommand(program: Command, add: Add, does: Does): void {
  const watch = add(
    program,
    'watch',
    'Answer the files of a folder, and new ones as they come. Ctrl-C ends it.',
  )
    .argument('<folder>', 'what is in it and below it is answered, then what comes')
    .option('--only-new', 'leave out what is in the folder now')
    .option(
      '--model <id[@version]>',
      'default: the one that has watched this folder before, else the active one that takes photos',
      modelRef,
    )
    .option('--anew', 'begin a new run, also where one has watched this folder before')
    .option('--title <text>', 'what the run is called (default: the name of the folder)')
    .addOption(new Option('--variant <name>', 'which form of the weights').choices(VariantChoice.options))
    .addOption(new Option('--provider <name>', 'what runs the model').choices(ProviderChoice.options))
    .addOption(new Option('--decode <way>', 'as for predict').choices(DecodeWay.options))
    .option('--json', 'as JSON Lines also on a terminal');
  does<WatchOptions>(watch, async (session, options, [folder = '']) =>
    (await import('./watch.ts')).watch(session, options, folder),
  );
}
