import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { providers, Provider, VariantName } from '../../../contract/ids.ts';
import { modelTaskIds } from '../../../contract/tasks/index.ts';
import type { Add, AsJson, Does } from '../command.ts';
import { gather } from '../options.ts';
import type { BuildOptions } from './options.ts';

/** `outpost pack`: packs made, looked at, compared and taken apart. */
export function addPackCommands(program: Command, add: Add, does: Does): void {
  const pack = add(program, 'pack', 'Make packs out of model files, and look into them.');
  const work = () => import('./pack.ts');

  const build = addBuildOptions(add(pack, 'build', 'Make a pack out of an ONNX file.'));
  does<BuildOptions>(build, async (session, options, [model = '']) =>
    (await work()).buildPackFile(session, options, model),
  );

  const inspect = add(pack, 'inspect', 'Say what a pack or an ONNX file is, without running it.')
    .argument('<file>', 'a .outpack, a pack folder or a .onnx')
    .option('--json', 'as JSON');
  does<AsJson>(inspect, async (session, options, [file = '']) =>
    (await work()).inspectFile(session, options, file),
  );

  const verify = add(pack, 'verify', 'Check size and SHA-256 of every file in a pack.')
    .argument('<file>', 'a .outpack or a pack folder')
    .option('--json', 'as JSON');
  does<AsJson>(verify, async (session, options, [file = '']) =>
    (await work()).verifyFile(session, options, file),
  );

  const diff = add(pack, 'diff', 'Say what differs between two packs.')
    .argument('<from>', 'a .outpack or a pack folder')
    .argument('<to>', 'a .outpack or a pack folder')
    .option('--json', 'as JSON');
  does<AsJson>(diff, async (session, options, [from = '', to = '']) =>
    (await work()).diffFiles(session, options, { from, to }),
  );

  const unpack = add(pack, 'unpack', 'Unpack a .outpack, with every byte checked.')
    .argument('<file>', 'a .outpack')
    .requiredOption('-o, --out <folder>', 'where to; it must be empty or not there');
  does<{ out: string }>(unpack, async (session, options, [file = '']) =>
    (await work()).unpackFile(session, options, file),
  );
}

function addBuildOptions(command: Command): Command {
  return command
    .argument('<model>', 'an ONNX file; data files that it names must lie beside it')
    .requiredOption('-o, --out <file>', 'the .outpack to write')
    .addOption(new Option('--task <task>', 'what it does').choices(modelTaskIds))
    .option('--id <id>', 'short name, as in mobilenet-v2')
    .option('--pack-version <version>', 'version of the pack, as in 1.0.0')
    .option('--title <text>', 'the name that people see')
    .option('--summary <text>', 'one line: what it does')
    .option('--licence <spdx>', 'SPDX identifier, as in Apache-2.0')
    .option('--licence-file <file>', 'its text, which becomes LICENSE')
    .option('--labels <file>', 'labels: one a line, or JSON')
    .option('--preprocess <preset>', 'how a photo is prepared: a preset, or a JSON file of steps')
    .option('--size <size>', 'what a model of free height and width is to see: 224, or 320x240 (width first)')
    .option('--form <name>', 'form in which a detector gives boxes, where several fit')
    .option('--output <name>', 'output that holds the scores, where several could')
    .addOption(
      new Option('--scores <kind>', 'what that output holds (default: as it is seen to)').choices([
        'logits',
        'probabilities',
        'independent',
        'independent-logits',
      ]),
    )
    .option('--embedding <output>', 'output that is a feature vector')
    .option('--cut-tails', 'outputs that are lists or maps: the tensors before ZipMap and its like instead')
    .option('--golden <folder>', 'photos, .json or .npy tensors whose answers are recorded')
    .option('--sample <file>', 'an input for a first try, FILE or FILE=Title; may be given again', gather)
    .option(
      '--prepared <folder>',
      'writes those photos as the model gets them, as PNG files, to be looked at',
    )
    .option('--card <file>', 'model card in Markdown')
    .option('--evaluation <file>', 'measured quality, a JSON object')
    .option('--source <text>', 'where it comes from')
    .addOption(
      new Option('--as <variant>', 'which variant the model is').choices(VariantName.options).default('fp32'),
    )
    .option('--variant <name=file>', 'the same weights in another form, as in int8=small.onnx', variants)
    .option('--provider <name>', 'what else may run it; may be given again (cpu always may)', providerList)
    .option('--minimum-app <version>', 'oldest Outpost that can use it', '0.1.0')
    .option('--json', 'as JSON');
}

function variants(
  text: string,
  before: NonNullable<BuildOptions['variant']> = [],
): NonNullable<BuildOptions['variant']> {
  const [, name = '', file = ''] = /^([^=]+)=(.+)$/u.exec(text) ?? [];
  const parsed = VariantName.safeParse(name);
  if (!parsed.success)
    throw new InvalidArgumentError(`It takes name=file; a name is one of ${VariantName.options.join(', ')}.`);
  return [...before, { name: parsed.data, file }];
}

function providerList(text: string, before: readonly Provider[] = []): readonly Provider[] {
  const parsed = Provider.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(`It takes one of ${providers.join(', ')}.`);
  return [...before, parsed.data];
}
