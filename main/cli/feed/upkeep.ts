import { resolve } from 'node:path';
import { renew, rotate, verifyFeed, writeBundle } from '../../feed/index.ts';
import type { AsJson } from '../command.ts';
import type { KeyRole, Rotated } from '../../feed/index.ts';
import { bytesText } from '../paint.ts';
import type { Session } from '../session.ts';
import { passphrases } from './passphrase.ts';
import { expiryText, withKeys } from './signing.ts';
import type { DayOptions, SigningOptions } from './signing.ts';
import { printJson, refuse, reportOutcome } from '../report.ts';

export type RotateKeyOptions = SigningOptions & {
  readonly role: KeyRole;
  readonly replace?: string;
  readonly addRootKey?: boolean;
  readonly rootThreshold?: number;
  readonly newKeys?: string;
  readonly newPassphraseFile?: string;
};

export function rotateKey(session: Session, options: RotateKeyOptions, feed: string): Promise<number> {
  const command = 'feed rotate';
  return withKeys(session, { options, command }, async (keys) => {
    // A new key is sealed with a new passphrase when one is given, else as the others are.
    const files = options.newPassphraseFile ? [options.newPassphraseFile] : (options.passphraseFile ?? []);
    const sealed = await passphrases(session, { files, command }, 'make');
    if (!sealed.ok) return refuse(session, sealed.fault);
    const { role, replace, addRootKey, rootThreshold } = options;
    const rotated = await rotate({
      feed: resolve(feed),
      keys,
      role,
      replace,
      addRootKey,
      rootThreshold,
      newKeys: resolve(options.newKeys ?? options.keys[0] ?? 'keys'),
      passphrase: sealed.value,
    });
    return reportOutcome(session, rotated, { json: options.json, text: rotatedText });
  });
}

export function renewFeed(
  session: Session,
  options: SigningOptions & DayOptions,
  feed: string,
): Promise<number> {
  const { root, targets, snapshot, timestamp } = options;
  const asked = { root, targets, snapshot, timestamp };
  const days = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  return withKeys(session, { options, command: 'feed renew' }, async (keys) =>
    reportOutcome(session, await renew({ feed: resolve(feed), keys, days }), {
      json: options.json,
      text: expiryText,
    }),
  );
}

/** Everything that is wrong, one by one; exit code 2 when there is anything. */
export async function verify(session: Session, { json }: AsJson, feed: string): Promise<number> {
  const report = await verifyFeed({ feed: resolve(feed), appVersion: session.places.version });
  const [first] = report.faults;
  if (first?.code === 'feed-not-found') return refuse(session, first);
  if (json) await printJson(session, report);
  else for (const fault of report.faults) session.terminal.complain(fault);
  if (!json && !first)
    await session.terminal.print(
      `The feed is sound: ${report.roots} ${report.roots === 1 ? 'root' : 'roots'}, ${report.packs} ${report.packs === 1 ? 'pack' : 'packs'}, ${bytesText(report.bytes)}.\n`,
    );
  return first ? 2 : 0;
}

export type BundleFeedOptions = AsJson & { readonly out: string; readonly model?: readonly string[] };

export async function bundle(session: Session, options: BundleFeedOptions, feed: string): Promise<number> {
  const written = await writeBundle({
    feed: resolve(feed),
    file: resolve(options.out),
    models: options.model ?? [],
    appVersion: session.places.version,
  });
  return reportOutcome(session, written, {
    json: options.json,
    text: ({ models, size, expires }) =>
      `${options.out}: ${models.join(', ')}; ${bytesText(size)}, valid until ${expires.slice(0, 10)}.\n`,
  });
}

function rotatedText({ rootVersion, added, retired }: Rotated): string {
  const retiredNames = retired.map(({ name }) => name).join(', ');
  return [
    `Root ${rootVersion} has the new key ${added.name} (${added.folder}).`,
    ...(retiredNames === '' ? [] : [`${retiredNames} signs nothing any more; its file can be destroyed.`]),
    '',
  ].join('\n');
}
