import type { Command } from 'commander';
import { channel, modelId, modelOrVersion, versionRef } from '../options.ts';
import type { Add, AsJson, Does, InstallOptions, SourceOptions } from '../command.ts';

/** Commands under `outpost models` that bring, try, switch and take back versions. */
export function addLifecycleCommands(models: Command, add: Add, does: Does): void {
  const json = (command: Command): Command => command.option('--json', 'as JSON');
  const lifecycle = () => import('./lifecycle.ts');
  const changes = () => import('./changes.ts');

  const timeline = json(
    add(models, 'timeline', 'The versions of a model: where they came from, what they did.'),
  );
  timeline.argument('<model>', 'id', modelId);
  does<AsJson>(timeline, async (session, options, [id = '']) =>
    (await lifecycle()).timeline(session, options, id),
  );

  const check = withSource(json(add(models, 'check', 'Ask a feed what it has for this computer.')));
  does<SourceOptions>(check, async (session, options) => (await lifecycle()).checkFeed(session, options));

  const get = withSource(json(add(models, 'get', 'Fetch, verify, install and try the offered version.')));
  get.argument('<model>', 'id, or id@version', versionRef);
  does<SourceOptions>(get, async (session, options, [ref = '']) =>
    (await lifecycle()).get(session, options, ref),
  );

  const install = json(
    add(models, 'install', 'Install a .outpack, a pack folder, a bundle or a feed folder.'),
  )
    .argument('<file>', 'what to install')
    .option('--accept-expired', 'install from a feed whose dates have passed, after they were shown')
    .option('--allow-unsigned', 'install this pack though no trusted publisher signed it');
  does<InstallOptions>(install, async (session, options, [file = '']) =>
    (await lifecycle()).install(session, options, file),
  );

  const one = (name: 'try' | 'switch' | 'keep', description: string): void => {
    const command = json(add(models, name, description)).argument('<model>', 'id@version', versionRef);
    does<AsJson>(command, async (session, options, [ref = '']) =>
      (await changes()).change(session, options, { name, ref }),
    );
  };
  one('try', 'Run golden samples and your own items through an installed version.');
  one('switch', 'Let this version answer.');
  one('keep', 'End its trial; the version before goes on answering.');
  const remove = json(
    add(models, 'remove', 'Take an installed version, or an added model whole, off this computer.'),
  );
  remove.argument('<model>', 'id@version, or id for all of it', modelOrVersion);
  does<AsJson>(remove, async (session, options, [ref = '']) =>
    (await changes()).remove(session, options, ref),
  );

  const rollback = json(add(models, 'rollback', 'Go back to the previous version, at once.'));
  rollback.argument('<model>', 'id', modelId);
  does<AsJson>(rollback, async (session, options, [id = '']) =>
    (await changes()).rollBack(session, options, id),
  );

  const pin = json(add(models, 'pin', 'Stay with this version, whatever arrives.'));
  pin.argument('<model>', 'id@version', versionRef);
  does<AsJson>(pin, async (session, options, [ref = '']) => (await changes()).pin(session, options, ref));
  const policy = json(add(models, 'policy', 'Which version answers: latest or all (none is ever swept).'));
  policy.argument('<model>', 'id', modelId).argument('<policy>', 'latest or all');
  does<AsJson>(policy, async (session, options, args) => (await changes()).policy(session, options, args));

  const repair = withSource(
    json(add(models, 'repair', 'Put the files of a version right again from a feed or bundle.')),
  );
  repair.argument('<model>', 'id@version', versionRef);
  does<SourceOptions>(repair, async (session, options, [ref = '']) =>
    (await changes()).repair(session, options, ref),
  );

  const exported = json(add(models, 'export', 'Write an installed version as a .outpack.'))
    .argument('<model>', 'id@version', versionRef)
    .requiredOption('-o, --out <file>', 'where to');
  does<AsJson & { out: string }>(exported, async (session, options, [ref = '']) =>
    (await changes()).exportPack(session, options, ref),
  );

  const trust = json(
    add(models, 'trust', 'Trust a publisher by its root.json, once you know its fingerprint by another way.'),
  )
    .argument('<root.json>', 'the file, or a feed folder or address')
    .option('--fingerprint <hex>', 'what the publisher says it is; asked for on a terminal when not given');
  does<AsJson & { fingerprint?: string }>(trust, async (session, options, [file = '']) =>
    (await import('./trust.ts')).trust(session, options, file),
  );
  const publishers = json(add(models, 'publishers', 'The publishers that this computer trusts.'));
  does<AsJson>(publishers, async (session, options) =>
    (await import('./trust.ts')).publishers(session, options),
  );
  const distrust = add(models, 'distrust', 'Trust a publisher no more; what is installed goes on.');
  distrust.argument('<fingerprint>', 'as `outpost models publishers` shows it');
  does(distrust, async (session, _options, [fingerprint = '']) =>
    (await import('./trust.ts')).distrust(session, fingerprint),
  );
}

/** `outpost settings` and `outpost depart`. */
export function addSettingCommands(program: Command, add: Add, does: Does): void {
  const settings = add(program, 'settings', 'What was chosen on this computer.');
  const get = add(settings, 'get', 'Show them all, or one.')
    .argument('[name]', 'as in feed')
    .option('--json', 'as JSON');
  does<AsJson>(get, async (session, options, [name]) =>
    (await import('../settings.ts')).getSettings(session, options, name),
  );
  const set = add(settings, 'set', 'Change one; `none` for nothing.')
    .argument('<name>', 'as in feed')
    .argument('<value>', 'the new value');
  does(set, async (session, _options, [name = '', value = '']) =>
    (await import('../settings.ts')).setSetting(session, name, value),
  );

  const depart = add(program, 'depart', 'Before you leave coverage: is everything here and in order?')
    .option('--json', 'as JSON')
    .option('--out <file>', 'also write a page to print');
  does<AsJson & { out?: string }>(depart, async (session, options) =>
    (await import('../depart.ts')).depart(session, options),
  );
}

function withSource(command: Command): Command {
  return command
    .option(
      '--feed <address>',
      'an http(s) address, a folder or a .outpost bundle; default: the feed in settings',
    )
    .option('--channel <name>', 'which channel; default: the one in settings', channel)
    .option(
      '--accept-expired',
      'go on with a folder or bundle whose dates have passed, after they were shown',
    );
}
