import { Option } from 'commander';
import type { Command } from 'commander';
import { CellSeparator, ExportFormat } from '../../../contract/export.ts';
import type { Add, Does } from '../command.ts';
import { score, wholeNumber } from '../options.ts';
import type { ExportOptions } from './export-run.ts';

/** `outpost export`: the items of a run as a file that other programs read. */
export function addExportCommand(program: Command, add: Add, does: Does): void {
  const command = add(program, 'export', 'Write the items of a run to a file for other programs.')
    .argument('<run>', 'its id, as `outpost run list` says it')
    .addOption(
      new Option('--format <format>', 'form of the file').choices(ExportFormat.options).makeOptionMandatory(),
    )
    .option('--out <file>', 'the file, or for yolo the folder; needed without --preview')
    .option('--threshold <score>', 'leave out boxes below this score, 0 to 1 (default: the pack’s)', score)
    .addOption(
      new Option('--separator <sign>', 'for csv-excel (default: by the decimal sign of this place)').choices(
        CellSeparator.options,
      ),
    )
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
