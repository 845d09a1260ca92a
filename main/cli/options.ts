import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { Channel } from '../../contract/lifecycle/feed.ts';
import { DecodeWay, ModelRef, PackId, ProviderChoice, VariantChoice } from '../../contract/ids.ts';

export const formats = ['table', 'jsonl', 'json', 'csv'] as const;
export type FormatName = (typeof formats)[number];

/** Separators by the decimal sign of whoever's Excel opens the file. */
const excelSeparators = ['comma', 'semicolon'] as const;
export type ExcelSeparator = (typeof excelSeparators)[number];

/** Options that every command takes. */
export type CommonOptions = {
  readonly data?: string;
  readonly models?: readonly string[];
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color: boolean;
};

export type PredictOptions = CommonOptions & {
  readonly model?: string;
  readonly format?: FormatName;
  readonly excel?: ExcelSeparator;
  readonly rows?: string;
  readonly out?: string;
  readonly null?: boolean;
  readonly top?: number;
  readonly threshold?: number;
  readonly variant: VariantChoice;
  readonly provider: ProviderChoice;
  readonly workers: 'auto' | number;
  readonly threads: 'auto' | number;
  readonly cache: boolean;
  readonly decode?: DecodeWay;
  readonly thorough?: boolean;
};

export function addCommonOptions(command: Command, version: string): Command {
  return command
    .option(
      '--data <folder>',
      "where answers and settings are kept (or OUTPOST_DATA; default: the user's data folder)",
    )
    .option('--models <folder>', 'a folder with more models; may be given again', gather)
    .option('--quiet', 'no progress and no closing line')
    .option('--verbose', 'say what the engine does')
    .option('--no-color', 'no colours (as NO_COLOR)')
    .version(version, '--version', 'print the version')
    .helpOption('--help', 'print this help');
}

export function addPredictOptions(command: Command): Command {
  return command
    .argument('<input...>', 'files; folders, which are walked; "-" reads a list of paths from standard input')
    .option('--model <id[@version]>', 'default: the active model whose task fits the input', modelRef)
    .addOption(
      new Option('--format <format>', 'default: table on a terminal, jsonl otherwise').choices(formats),
    )
    .addOption(
      new Option(
        '--excel <separator>',
        'CSV that Excel opens right: comma, or semicolon where numbers have decimal commas',
      ).choices(excelSeparators),
    )
    .option('--rows <what>', 'what a row of CSV is: boxes gives one to each box (default: one a photo)')
    .option('--out <file>', 'write the answers to this file')
    .option('-0, --null', 'names on standard input end with NUL bytes, as `find -print0` writes them')
    .option(
      '--top <k>',
      'labels or boxes for each photo (default: 5 labels, all boxes)',
      wholeNumber(1, 1000),
    )
    .option(
      '--threshold <score>',
      'leave out what scores below this, 0 to 1 (default: 0 for labels; for boxes what the pack says)',
      score,
    )
    .addOption(
      new Option('--variant <name>', 'which form of the weights')
        .choices(VariantChoice.options)
        .default('auto'),
    )
    .addOption(
      new Option('--provider <name>', 'what runs the model').choices(ProviderChoice.options).default('auto'),
    )
    .option('--workers <n>', 'worker processes, or auto', autoOr(1, 64), 'auto')
    .option('--threads <n>', 'threads in each worker, or auto', autoOr(1, 256), 'auto')
    .addOption(
      new Option(
        '--decode <way>',
        'fast opens large JPEGs smaller: sooner, and scores move a little',
      ).choices(DecodeWay.options),
    )
    .option(
      '--thorough',
      'look for small things in overlapping tiles of large photos as well; takes several times as long',
    )
    .option('--no-cache', 'answer anew, whatever is stored');
}

/** `30d`, `12h`, `45m` or `10s`, in milliseconds. */
export function age(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|m|h|d|w)$/u.exec(text);
  if (!match) throw new InvalidArgumentError('It takes a number with a unit, as in 30d, 12h or 45m.');
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }[match[2] as 's' | 'm' | 'h' | 'd' | 'w'];
  return Number(match[1]) * seconds * 1000;
}

/** A bare model's folder may be called anything; whether there is such a model is the library's answer. */
export function modelRef(text: string): string {
  if (text.trim() === '' || text.length > 400)
    throw new InvalidArgumentError('It takes id or id@version, as in efficientnet-lite0@1.0.0.');
  return text;
}

export function modelId(text: string): string {
  if (!PackId.safeParse(text).success)
    throw new InvalidArgumentError('It takes the id of a model, as in efficientnet-lite0.');
  return text;
}

export function versionRef(text: string): string {
  if (!ModelRef.safeParse(text).success)
    throw new InvalidArgumentError('It takes id@version, as in efficientnet-lite0@1.1.0.');
  return text;
}

export function modelOrVersion(text: string): string {
  return text.includes('@') ? versionRef(text) : modelId(text);
}

export function channel(text: string): string {
  if (!Channel.safeParse(text).success)
    throw new InvalidArgumentError('It takes a name in lower case, as in stable.');
  return text;
}

export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/u.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most))
      throw new InvalidArgumentError(`It takes a whole number from ${least} to ${most}.`);
    return value;
  };
}

function autoOr(least: number, most: number): (text: string) => 'auto' | number {
  const number = wholeNumber(least, most);
  return (text) => (text === 'auto' ? 'auto' : number(text));
}

export function score(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError('It takes a number from 0 to 1.');
  return value;
}

/** Values of an option that may be given again. */
export const gather = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];
