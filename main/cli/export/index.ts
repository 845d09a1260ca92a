import { Option } from 'commander';
import type { Command } from 'commander';
import { CellSeparator, ExportFormat } from '../../../contract/runs/export.ts';
import { RunPageQuery } from '../../../contract/runs/run.ts';
import type { Add, Does } from '../command.ts';
import { gather, score, wholeNumber } from '../options.ts';
import { clockMoment, gatherRules, utcOffset } from './options.ts';
import type { ExportOptions } from './options.ts';

/** `outpost export`: the items of a run as a file that other programs read. */
export function addExportCommand(program: Command, add: Add, does: Does): void {
  const command = add(program, 'export', 'Write the items of a run to a file for other programs.')
    .argument('<run>', 'its id, as `outpost run list` says it')
    .addOption(
      new Option('--format <format>', 'form of the file').choices(ExportFormat.options).makeOptionMandatory(),
    )
    .option('--out <file>', 'the file, or the folder of a form that is one; needed without --preview')
    .option('--threshold <score>', 'leave out boxes below this score, 0 to 1 (default: the pack’s)', score)
    .option('--label <label>', 'only photos with this label, or confirmed as it; may be given again', gather)
    .option('--min-score <score>', 'only photos whose first label scores this or more, 0 to 1', score)
    .addOption(
      new Option(
        '--reviewed <which>',
        'only photos that a person confirmed or corrected, or only the others',
      ).choices(['yes', 'no']),
    )
    .addOption(
      new Option(
        '--duplicates <what>',
        'photos with the same content as one before them (default: keep)',
      ).choices(['keep', 'leave-out']),
    )
    .addOption(
      new Option('--show <which>', 'only what a list of the run shows so').choices(
        RunPageQuery.shape.show.options,
      ),
    )
    .option('--search <text>', 'only photos with this in folder, name or label')
    .option('--photos <list>', 'only the photos in this list, a path on each line; - for standard input')
    .option('--camera <name>', 'only photos of the camera with this serial number, model, or make and model')
    .option('--site <name>', 'only photos of this site, as `outpost run cameras` lists them')
    .option(
      '--from <time>',
      'only photos taken then or later, as in 2026-05-01 or 2026-05-01T20:43',
      clockMoment,
    )
    .option('--to <time>', 'only photos taken then or before; of a day, all of it', clockMoment)
    .option(
      '--places <rule>',
      'round:DECIMALS, hide or delay:DAYS, with =LABEL for sites of that label alone; may be given again',
      gatherRules,
    )
    .option(
      '--event-gap <seconds>',
      'from which on another event begins (default: 60)',
      wholeNumber(1, 86_400),
    )
    .option(
      '--utc-offset <offset>',
      'of camera clocks that do not say theirs (default: of this computer)',
      utcOffset,
    )
    .addOption(
      new Option('--exif <what>', 'of copies: what photos say of camera, time and place').choices([
        'keep',
        'strip',
      ]),
    )
    .option('--blur <label>', 'for blurred (default: people); may be given again', gather)
    .option('--package <file>', 'for camtrap-dp: contributors, project, licenses, taxa as JSON')
    .addOption(
      new Option('--separator <sign>', 'for csv-excel (default: by the decimal sign of this place)').choices(
        CellSeparator.options,
      ),
    )
    .option('--profile <name>', 'with the options that were kept under this name')
    .option('--save-profile <name>', 'keep these options under this name, format and file aside')
    .option(
      '--preview <n>',
      'show the first rows and how many there are, and write nothing',
      wholeNumber(1, 100),
    )
    .option('--json', 'the closing figures as JSON');
  does<ExportOptions>(command, async (session, options, [run]) =>
    (await import('./export-run.ts')).exportRun(session, options, run ?? ''),
  );
}
