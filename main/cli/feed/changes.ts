import { resolve } from 'node:path';
import type { PackTarget } from '../../../contract/lifecycle/feed.ts';
import { fault } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { clientReason, noTextReason, reasonText } from '../../../contract/faults/reasons.ts';
import { addApp, addPack, allowRollback, promote, revoke, stage } from '../../feed/index.ts';
import type { Added, VersionChange } from '../../feed/index.ts';
import { readText } from '../../lib/text.ts';
import { bytesText, printable } from '../paint.ts';
import type { Session } from '../session.ts';
import { withKeys } from './signing.ts';
import type { SigningOptions } from './signing.ts';
import { refuse, reportOutcome } from '../report.ts';

export type AddPackOptions = SigningOptions & {
  readonly channel?: readonly string[];
  readonly staging: number;
  readonly note?: string;
  readonly noteFile?: string;
  readonly minimumApp?: string;
};

export async function add(
  session: Session,
  options: AddPackOptions,
  args: readonly string[],
): Promise<number> {
  const [feed = '', ...packs] = args;
  const note =
    options.noteFile === undefined
      ? (options.note ?? '')
      : await readText(options.noteFile).catch(() => null);
  if (note === null) return refuse(session, fault('file-not-found', { file: options.noteFile ?? '' }));
  if (typeof note !== 'string' && !note.ok)
    return refuse(
      session,
      fault('file-unreadable', {
        file: options.noteFile ?? '',
        reason: clientReason(reasonText(noTextReason(note.why))),
      }),
    );
  return withKeys(session, { options, command: 'feed add' }, async (keys) => {
    const added = await addPack({
      feed: resolve(feed),
      keys,
      packs: packs.map((pack) => resolve(pack)),
      channels: options.channel ?? ['stable'],
      staging: options.staging,
      note: (typeof note === 'string' ? note : note.text).trim(),
      minimumApp: options.minimumApp,
      appVersion: session.places.version,
    });
    return reportOutcome(session, added, { json: options.json, text: addedText });
  });
}

export type AddInstallerOptions = SigningOptions & {
  readonly appVersion: string;
  readonly platform: string;
  readonly note?: string;
};

export function addInstaller(
  session: Session,
  options: AddInstallerOptions,
  [feed = '', file = '']: readonly string[],
): Promise<number> {
  const { appVersion: version, platform, note } = options;
  return withKeys(session, { options, command: 'feed add-app' }, async (keys) => {
    const added = await addApp({ feed: resolve(feed), keys, file: resolve(file), version, platform, note });
    return reportOutcome(session, added, {
      json: options.json,
      text: (target) => `Outpost ${target.version} for ${target.platform}: ${target.file}\n`,
    });
  });
}

export type ChangeOptions = SigningOptions & { readonly channel?: string };
export type RevokeOptions = SigningOptions & { readonly reason: string };
export type ChangeName = 'promote' | 'stage' | 'allow-rollback';

/** One version of the feed, changed in one respect and signed again. */
export function change(
  session: Session,
  options: ChangeOptions,
  { name, args: [feed = '', model = '', percent = ''] }: { name: ChangeName; args: readonly string[] },
): Promise<number> {
  return withKeys(session, { options, command: `feed ${name}` }, async (keys) => {
    const common: VersionChange = { feed: resolve(feed), keys, model };
    const changes: Readonly<Record<ChangeName, () => Promise<Outcome<PackTarget>>>> = {
      promote: () => promote({ ...common, channel: options.channel ?? 'stable' }),
      stage: () => stage({ ...common, percent: Number(percent) }),
      'allow-rollback': () => allowRollback(common),
    };
    const texts: Readonly<Record<ChangeName, (target: PackTarget) => string>> = {
      promote: ({ channels }) => `is on ${channels.join(', ')}.`,
      stage: ({ staging }) => `is offered to ${staging} % of devices.`,
      'allow-rollback': () => 'may be installed over a newer version.',
    };
    return reportOutcome(session, await changes[name](), {
      json: options.json,
      text: (target) => `${model} ${texts[name](target)}\n`,
    });
  });
}

export function revokeVersion(
  session: Session,
  options: RevokeOptions,
  [feed = '', model = '']: readonly string[],
): Promise<number> {
  return withKeys(session, { options, command: 'feed revoke' }, async (keys) =>
    reportOutcome(session, await revoke({ feed: resolve(feed), keys, model, reason: options.reason }), {
      json: options.json,
      text: ({ isListed }) =>
        `${model} is revoked: it will not answer on any device that sees this feed.${isListed ? '' : ' This feed never had it.'}\n`,
    }),
  );
}

const addedText = (added: readonly Added[]): string =>
  added
    .map(({ model, size, isKept, custom: { channels, staging } }) =>
      isKept
        ? `${model} was in the feed already, byte for byte.\n`
        : `${printable(model)}  ${bytesText(size)}  ${channels.join(', ')}  ${staging} %\n`,
    )
    .join('');
