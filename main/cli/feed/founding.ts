import { join, resolve } from 'node:path';
import { feedStatus, initFeed, loadKeys } from '../../feed/index.ts';
import type { AsJson } from '../command.ts';
import type { FeedStatus, Founded } from '../../feed/index.ts';
import { columns } from '../paint.ts';
import type { Session } from '../session.ts';
import { grouped } from '../lifecycle/trust.ts';
import { passphrases } from './passphrase.ts';
import { expiryText } from './signing.ts';
import type { DayOptions, SigningOptions } from './signing.ts';
import { refuse, reportOutcome } from '../report.ts';

export type InitFeedOptions = SigningOptions &
  DayOptions & {
    readonly publisher: string;
    readonly rootKeys: number;
    readonly rootThreshold: number;
  };

export async function init(session: Session, options: InitFeedOptions, feed: string): Promise<number> {
  const asked = await passphrases(
    session,
    { files: options.passphraseFile ?? [], command: 'feed init' },
    'make',
  );
  if (!asked.ok) return refuse(session, asked.fault);
  const { publisher, rootKeys, rootThreshold, root, targets, snapshot, timestamp } = options;
  const { keys, holders } = keyPlaces(options.keys);
  const founded = await initFeed({
    feed: resolve(feed),
    publisher,
    keys,
    holders,
    passphrase: asked.value,
    rootKeys,
    rootThreshold,
    days: { root, targets, snapshot, timestamp },
  });
  return reportOutcome(session, founded, {
    json: options.json,
    text: (value) => foundedText(value, rootThreshold),
  });
}

export async function keys(
  session: Session,
  options: AsJson & { readonly keys?: readonly string[] },
  feed: string,
): Promise<number> {
  const folders = (options.keys ?? []).map((folder) => resolve(folder));
  const atHand = folders.length === 0 ? null : await loadKeys(folders, async () => null);
  if (atHand && !atHand.ok) return refuse(session, atHand.fault);
  const status = await feedStatus(resolve(feed), atHand?.value ?? null);
  return reportOutcome(session, status, { json: options.json, text: statusText });
}

/** `FOLDER` for all keys, `root-1=FOLDER` for one that somebody else holds. */
function keyPlaces(given: readonly string[]) {
  const holders: Record<string, string> = {};
  let keys = resolve('keys');
  for (const entry of given) {
    const [, name, folder] = /^(root-\d+|packs|online)=(.+)$/u.exec(entry) ?? [];
    if (name === undefined || folder === undefined) keys = resolve(entry);
    else holders[name] = resolve(folder);
  }
  return { keys, holders };
}

function foundedText({ publisher, fingerprint, rootFile, keys: made }: Founded, threshold: number): string {
  const roots = made.filter(({ name }) => name.startsWith('root-')).length;
  return [
    `${publisher}: a feed with ${threshold} of ${roots} root keys.`,
    columns(made.map(({ name, folder }) => [`  ${name}`, join(folder, `${name}.pem`)])),
    `First root: ${rootFile}`,
    `Its fingerprint, to be told by another way than the file:`,
    `  ${grouped(fingerprint)}`,
    '',
  ].join('\n');
}

function statusText({ publisher, fingerprint, rootVersion, roles, expires }: FeedStatus): string {
  const rows = roles.flatMap(({ role, threshold, keys: known }) =>
    known.map(({ name, id, file }, at) => [
      at === 0 ? role : '',
      at === 0 ? `${threshold} of ${known.length}` : '',
      name,
      id.slice(0, 16),
      file ?? 'not at hand',
    ]),
  );
  return [
    `${publisher}, root ${rootVersion}`,
    `  fingerprint ${grouped(fingerprint)}`,
    columns([['role', 'needs', 'key', 'id', 'private key'], ...rows]),
    expiryText(expires),
  ].join('\n');
}
