import { Option } from 'commander';
import type { Command } from 'commander';
import type {
  AddPackOptions,
  AddInstallerOptions,
  ChangeName,
  ChangeOptions,
  RevokeOptions,
} from './changes.ts';
import type { InitFeedOptions } from './founding.ts';
import type { BundleFeedOptions, RotateKeyOptions } from './upkeep.ts';
import type { DayOptions, SigningOptions } from './signing.ts';
import type { AsJson, Add, Does } from '../command.ts';
import { channel, gather, modelRef, versionRef, wholeNumber } from '../options.ts';

/** `outpost feed`: the side of whoever publishes models. */
export function addFeedCommands(program: Command, add: Add, does: Does): void {
  const feed = add(program, 'feed', 'Publish models: keys, a signed folder for any web server, bundles.');
  const founding = () => import('./founding.ts');
  const changes = () => import('./changes.ts');
  const upkeep = () => import('./upkeep.ts');
  const one = (name: string, description: string): Command =>
    add(feed, name, description).argument('<feed>', 'the folder of the feed').option('--json', 'as JSON');

  const init = withDays(withKeys(one('init', 'Make the keys and an empty feed.')))
    .requiredOption('--publisher <name>', 'as people will see it')
    .option('--root-keys <n>', 'how many root keys', wholeNumber(1, 20), 3)
    .option('--root-threshold <n>', 'how many of them must sign', wholeNumber(1, 20), 2);
  does<InitFeedOptions>(init, async (session, options, [folder = '']) =>
    (await founding()).init(session, options, folder),
  );

  const keys = one('keys', 'Who may sign what, which keys are at hand, until when all is valid.').option(
    '--keys <folder>',
    'where private keys lie; may be given again',
    gather,
  );
  does<AsJson & { keys?: readonly string[] }>(keys, async (session, options, [folder = '']) =>
    (await founding()).keys(session, options, folder),
  );

  const addPacks = withKeys(one('add', 'Prove packs, put them into the feed, and sign it.'))
    .argument('<pack...>', '.outpack files or pack folders')
    .option('--channel <name>', 'who is offered it; may be given again (default: stable)', gatherChannels)
    .option('--staging <percent>', 'of devices that are offered it', wholeNumber(0, 100), 100)
    .option('--note <text>', 'what changes, shown before anything is fetched')
    .option('--note-file <file>', 'the same from a file')
    .option('--minimum-app <version>', 'oldest Outpost that is offered it (default: as the pack says)');
  does<AddPackOptions>(addPacks, async (session, options, args) =>
    (await changes()).add(session, options, args),
  );

  const addApp = withKeys(one('add-app', 'Put an installer of Outpost into the feed, and sign it.'))
    .argument('<file>', 'the installer')
    .requiredOption('--app-version <version>', 'as in 1.2.0')
    .requiredOption('--platform <name>', 'as in linux-x64, win32-x64 or darwin-arm64')
    .option('--note <text>', 'what changes');
  does<AddInstallerOptions>(addApp, async (session, options, args) =>
    (await changes()).addInstaller(session, options, args),
  );

  const change = (name: ChangeName, description: string): Command => {
    const command = withKeys(one(name, description)).argument('<model>', 'id@version', versionRef);
    does<ChangeOptions>(command, async (session, options, args) =>
      (await changes()).change(session, options, { name, args }),
    );
    return command;
  };
  change('promote', 'Offer a version on one more channel.').requiredOption(
    '--channel <name>',
    'as in stable',
    channel,
  );
  change('stage', 'Offer a version to so many of a hundred devices.').argument(
    '<percent>',
    '0 to 100',
    percent,
  );
  const revoke = withKeys(one('revoke', 'Take a version back: it must not answer any more.'))
    .argument('<model>', 'id@version', versionRef)
    .requiredOption('--reason <text>', 'shown on every device that has it');
  does<RevokeOptions>(revoke, async (session, options, args) =>
    (await changes()).revokeVersion(session, options, args),
  );
  change('allow-rollback', 'Let devices go back to a version on purpose.');

  const rotate = withKeys(one('rotate', 'Retire a key and take a new one in its place, by a new root.'))
    .addOption(
      new Option('--role <role>', 'whose key').choices(['root', 'packs', 'online']).makeOptionMandatory(),
    )
    .option('--replace <key>', 'which root key is retired, as in root-2')
    .option('--add-root-key', 'add a root key and retire none')
    .option('--root-threshold <n>', 'how many root keys must sign from now on', wholeNumber(1, 20))
    .option('--new-keys <folder>', 'where the new key is put (default: the first --keys)')
    .option('--new-passphrase-file <file>', 'what seals the new key');
  does<RotateKeyOptions>(rotate, async (session, options, [folder = '']) =>
    (await upkeep()).rotateKey(session, options, folder),
  );

  const renew = withDays(withKeys(one('renew', 'Sign again with later dates.').alias('expire')));
  does<SigningOptions & DayOptions>(renew, async (session, options, [folder = '']) =>
    (await upkeep()).renewFeed(session, options, folder),
  );

  const verify = one('verify', 'Check every signature, date, digest and file; say all that is wrong.');
  does<AsJson>(verify, async (session, options, [folder = '']) =>
    (await upkeep()).verify(session, options, folder),
  );

  const bundle = one('bundle', 'Write the feed as one file for a stick.')
    .requiredOption('-o, --out <file>', 'as in outline.outpost')
    .option('--model <id[@version]>', 'only this one; may be given again', gatherModels);
  does<BundleFeedOptions>(bundle, async (session, options, [folder = '']) =>
    (await upkeep()).bundle(session, options, folder),
  );
}

const withKeys = (command: Command): Command =>
  command
    .requiredOption('--keys <folder>', 'where private keys lie; may be given again', gather)
    .option('--passphrase-file <file>', 'for all keys, or NAME=FILE for one; may be given again', gather);

const withDays = (command: Command): Command =>
  command
    .option('--root <days>', 'for how long the root is valid', wholeNumber(1, 3650))
    .option('--targets <days>', 'for how long the list of packs is', wholeNumber(1, 3650))
    .option('--snapshot <days>', 'for how long the snapshot is', wholeNumber(1, 3650))
    .option('--timestamp <days>', 'for how long the timestamp is', wholeNumber(1, 3650));

function percent(text: string): string {
  wholeNumber(0, 100)(text);
  return text;
}

const gatherChannels = (value: string, before?: readonly string[]): readonly string[] =>
  gather(channel(value), before);
const gatherModels = (value: string, before?: readonly string[]): readonly string[] =>
  gather(modelRef(value), before);
