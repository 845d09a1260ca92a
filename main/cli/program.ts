import { Command, CommanderError } from 'commander';
import { fault } from '../../contract/faults/faults.ts';
import { clientReason } from '../../contract/faults/reasons.ts';
import { NoScratchError } from '../lib/scratch.ts';
import { ignoreUserSignals } from '../lib/signals.ts';
import { addCardCommands } from './card/index.ts';
import { addExportCommand } from './export/index.ts';
import { addFeedCommands } from './feed/index.ts';
import { addLifecycleCommands, addSettingCommands } from './lifecycle/index.ts';
import { addCommonOptions, addPredictOptions, age, modelRef, wholeNumber } from './options.ts';
import type { CommonOptions, PredictOptions } from './options.ts';
import { addPackCommands } from './pack/index.ts';
import { addSimilarOptions } from './similar/options.ts';
import type { SimilarOptions } from './similar/options.ts';
import type { Places } from './places.ts';
import { addQueueCommands } from './queue/index.ts';
import { addRunCommands } from './run/index.ts';
import { addServeCommand } from './serve/index.ts';
import type { Session } from './session.ts';
import { addWatchCommand } from './watch/index.ts';
import { openTerminal } from './terminal.ts';
import type { Streams } from './terminal.ts';

type World = { readonly places: Places; readonly streams: Streams; readonly isColored: boolean };

/** Parses the words and runs the command they name; what a command needs is loaded when it is called. */
export async function runProgram(argv: readonly string[], world: World): Promise<number> {
  const state = { code: 0, command: '' };
  // Help may be piped into a reader that closes early: ignore EPIPE.
  world.streams.out.on('error', () => undefined);
  ignoreUserSignals();
  const program = buildProgram(world, state);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return state.code;
  } catch (error) {
    const isUsage = error instanceof CommanderError;
    if (!isUsage && !(error instanceof NoScratchError)) throw error;
    if (isUsage && error.exitCode === 0) return 0;
    const terminal = openTerminal(world.streams, {
      isQuiet: false,
      isVerbose: false,
      isColored: world.isColored,
    });
    if (!isUsage) {
      const { folder, reason } = error;
      terminal.complain(fault('temp-folder-unusable', { folder, reason: clientReason(reason) }));
    } else if (error.code !== 'commander.help') {
      const reason = error.message.replace(/^error: /u, '').replace(/\s*\n\s*/gu, ' ');
      terminal.complain(
        fault('usage', {
          reason: `${reason[0]?.toUpperCase()}${reason.slice(1)}${/[.)]$/u.test(reason) ? '' : '.'}`,
          command: state.command,
        }),
      );
    }
    return 1;
  }
}

function buildProgram(world: World, state: { code: number; command: string }): Command {
  const { places, streams } = world;
  const program = addCommonOptions(new Command('outpost'), places.version)
    .description("Runs machine-learning models where the network isn't.")
    .configureOutput({
      writeOut: (text) => void streams.out.write(text),
      // Suppress Commander's own message: the error is printed once, as a fault.
      outputError: () => undefined,
      writeErr: (text) => void streams.error.write(text),
    })
    .exitOverride()
    .showSuggestionAfterError();

  const add = (parent: Command, name: string, description: string): Command => {
    const command = addCommonOptions(parent.command(name), places.version).description(description);
    return command;
  };
  /** The action of a command: its options, the common ones wherever they stood, and the exit code it ends with. */
  const does = <O extends object>(
    command: Command,
    work: (session: Session, options: O, args: readonly string[]) => Promise<number>,
  ): void => {
    command.action(async () => {
      const common = commonOf(command);
      const terminal = openTerminal(streams, {
        isQuiet: common.quiet === true,
        isVerbose: common.verbose === true,
        isColored: common.color && world.isColored,
      });
      state.code = await work(
        { places, terminal, common },
        command.opts() as O,
        command.processedArgs.flat().filter((word) => typeof word === 'string'),
      );
    });
  };

  const predict = addPredictOptions(add(program, 'predict', 'Answer photos, folders of photos, or tensors.'));
  does<PredictOptions>(predict, async (session, options, inputs) =>
    (await import('./predict/index.ts')).predict(session, options, inputs),
  );

  addRunCommands(program, add, does);
  addWatchCommand(program, add, does);
  addCardCommands(program, add, does);
  const similar = addSimilarOptions(
    add(program, 'similar', 'Find photos that are like one, or groups of photos that are alike.'),
  );
  does<SimilarOptions>(similar, async (session, options, photos) =>
    (await import('./similar/index.ts')).similar(session, options, photos),
  );

  const models = add(program, 'models', 'The models on this computer.');
  const listModels = add(models, 'list', 'List them.').option('--json', 'as JSON');
  does<{ json?: boolean }>(listModels, async (session, options) =>
    (await import('./models.ts')).listModels(session, options),
  );
  const showModel = add(models, 'show', 'Look closer at one: card, inputs, outputs, files.')
    .argument('<model>', 'id or id@version', modelRef)
    .option('--json', 'as JSON');
  does<{ json?: boolean }>(showModel, async (session, options, [ref]) =>
    (await import('./models.ts')).showModel(session, options, ref ?? ''),
  );
  const verifyModels = add(
    models,
    'verify',
    'Check size and SHA-256 of every file; all models when none is named.',
  )
    .argument('[model...]', 'id or id@version')
    .option('--json', 'as JSON');
  does<{ json?: boolean }>(verifyModels, async (session, options, refs) =>
    (await import('./models.ts')).verifyModels(session, options, refs),
  );

  addLifecycleCommands(models, add, does);
  addSettingCommands(program, add, does);
  addFeedCommands(program, add, does);

  addExportCommand(program, add, does);

  const cache = add(program, 'cache', 'The kept answers.');
  const stats = add(cache, 'stats', 'How many there are and how much room they take.').option(
    '--json',
    'as JSON',
  );
  does<{ json?: boolean }>(stats, async (session, options) =>
    (await import('./cache.ts')).cacheStats(session, options),
  );
  const list = add(cache, 'list', 'The newest answers.')
    .option('--json', 'as JSON lines')
    .option('--limit <n>', 'how many', wholeNumber(1, 1_000_000), 50)
    .option('--label <label>', 'only with this first label')
    .option('--model <id>', 'only of this model', modelRef);
  does<{ json?: boolean; limit: number; label?: string; model?: string }>(list, async (session, options) =>
    (await import('./cache.ts')).cacheList(session, options),
  );
  const purge = add(cache, 'purge', 'Remove answers, except those that were kept by hand.')
    .option('--older-than <age>', 'not used for so long, as in 30d or 12h', age)
    .option('--model <id>', 'of this model', modelRef)
    .option('--all', 'all of them')
    .option('--json', 'as JSON');
  does<{ json?: boolean; olderThan?: number; model?: string; all?: boolean }>(
    purge,
    async (session, options) => (await import('./cache.ts')).cachePurge(session, options),
  );
  const verifyCache = add(cache, 'verify', 'Check that what is stored is whole.').option('--json', 'as JSON');
  does<{ json?: boolean }>(verifyCache, async (session, options) =>
    (await import('./cache.ts')).cacheVerify(session, options),
  );

  addPackCommands(program, add, does);
  addServeCommand(program, add, does);
  addQueueCommands(program, add, does);

  const doctor = add(
    program,
    'doctor',
    'What runs where, and why: versions, store, models proved, providers, workers.',
  ).option('--json', 'as JSON');
  does<{ json?: boolean }>(doctor, async (session, options) =>
    (await import('./doctor.ts')).doctor(session, options),
  );

  const bench = add(
    program,
    'bench',
    'Measure this computer: photos a second, one photo, an answer from the store.',
  )
    .option('--model <id[@version]>', 'which model', modelRef)
    .option('--seconds <n>', 'time for each measurement', wholeNumber(1, 600), 4)
    .option('--json <file>', 'also write the rows to this file');
  does<{ model?: string; seconds: number; json?: string }>(bench, async (session, options) =>
    (await import('./bench.ts')).bench(session, options),
  );

  // On a parse error, print the help of the subcommand that failed.
  for (const command of [
    program,
    ...program.commands,
    ...program.commands.flatMap((child) => child.commands),
  ]) {
    command.exitOverride((error) => {
      state.command = pathOf(command);
      throw error;
    });
    command.configureOutput(program.configureOutput());
  }
  return program;
}

function pathOf(command: Command): string {
  const parent = command.parent;
  return parent?.parent ? `${pathOf(parent)} ${command.name()}` : parent ? command.name() : '';
}

function commonOf(command: Command): CommonOptions {
  const chain: CommonOptions[] = [];
  for (let at: Command | null = command; at; at = at.parent) chain.unshift(at.opts() as CommonOptions);
  const models = chain.flatMap((options) => options.models ?? []);
  return {
    ...Object.assign({}, ...chain),
    models,
    color: chain.every((options) => options.color),
  } as CommonOptions;
}
