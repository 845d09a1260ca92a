import { Option } from 'commander';
import type { Command } from 'commander';
import { VariantChoice } from '../../../contract/ids.ts';
import { formats, gather, modelRef, score, wholeNumber } from '../options.ts';
import type { CommonOptions, FormatName } from '../options.ts';

export type SimilarOptions = CommonOptions & {
  readonly groups?: boolean;
  readonly among?: readonly string[];
  readonly model?: string;
  readonly variant: VariantChoice;
  readonly limit: number;
  readonly least?: number;
  readonly format?: FormatName;
  readonly out?: string;
};

export function addSimilarOptions(command: Command): Command {
  return command
    .argument('[photo]', 'the photo that others are compared with; none with --groups')
    .option('--groups', 'all stored photos that are alike: forms of one photo, shots of one burst')
    .option(
      '--among <folder>',
      'only these files and folders, which are answered as well; may be given again (default: everything stored)',
      gather,
    )
    .option(
      '--model <id[@version]>',
      'default: the model in use, or the first with feature vectors',
      modelRef,
    )
    .addOption(
      new Option('--variant <name>', 'which form of the weights')
        .choices(VariantChoice.options)
        .default('auto'),
    )
    .option('--limit <n>', 'how many photos at most', wholeNumber(1, 10_000), 10)
    .option(
      '--least <similarity>',
      'leave out what is less alike, 0 to 1 (default: 0 for a photo; 0.95 for groups)',
      score,
    )
    .addOption(
      new Option('--format <format>', 'default: table on a terminal, jsonl otherwise').choices(formats),
    )
    .option('--out <file>', 'write the answer to this file');
}
