import { Option } from 'commander';
import type { Command } from 'commander';
import { DecodeWay } from '../../../contract/ids.ts';
import type { Add, Does } from '../command.ts';
import { modelRef, score, wholeNumber } from '../options.ts';
import type { SubmitOptions, WorkOptions } from './options.ts';

const queueFormat = 'redis://[user:password@]host:6379[/db][?name=queue]; rediss: for TLS';

/** `outpost work` and `outpost submit`: one folder for many machines. */
export function addQueueCommands(program: Command, add: Add, does: Does): void {
  const work = add(program, 'work', 'Answer the items of a queue, beside other machines, until told to end.')
    .requiredOption('--queue <address>', queueFormat)
    .option('--thorough', 'as for predict')
    .option('--shared-root <folder>', 'items may name files below this folder, and nowhere else')
    .option('--workers <n>', 'worker processes (default: as the settings say)', wholeNumber(1, 64))
    .option('--threads <n>', 'threads in each worker (default: as the settings say)', wholeNumber(1, 256))
    .option('--graceful-timeout <s>', 'time to finish what is in hand at the end', wholeNumber(0, 3600), 30);
  does<WorkOptions>(work, async (session, options) =>
    (await import('./work.ts')).workOnQueue(session, options),
  );

  const submit = add(program, 'submit', 'Put the photos of a folder into a queue, and collect their answers.')
    .argument('[folder]', 'walked as predict does; not needed with --status')
    .requiredOption('--queue <address>', queueFormat)
    .option('--model <id[@version]>', 'default: the active model of the node that answers', modelRef)
    .addOption(new Option('--decode <way>', 'as for predict').choices(DecodeWay.options))
    .option('--shared-root <folder>', 'nodes see the files below this folder: only their places travel')
    .option(
      '--content-budget <mb>',
      'contents that may wait in Redis at a time',
      wholeNumber(64, 65_536),
      256,
    )
    .option('--wait', 'wait for the answers and write them in path order')
    .option('--out <file>', 'write the answers to this file (implies --wait)')
    .option(
      '--top <k>',
      'labels or boxes for each photo (default: 5 labels, all boxes); of labels at most 20',
      wholeNumber(1, 1000),
    )
    .option('--threshold <score>', 'as for predict', score)
    .option('--again', 'try items again that ended with a fault')
    .option('--status', 'say how the queue stands and what failed')
    .option('--json', 'the status as JSON');
  does<SubmitOptions>(submit, async (session, options, [folder]) =>
    (await import('./submit.ts')).submitFolder(session, options, folder),
  );
}
