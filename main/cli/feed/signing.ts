import { resolve } from 'node:path';
import { loadKeys } from '../../feed/index.ts';
import type { Expiries, KeyRing, Lifetimes } from '../../feed/index.ts';
import type { AsJson } from '../command.ts';
import { refuse } from '../report.ts';
import { columns } from '../paint.ts';
import type { Session } from '../session.ts';
import { passphrases } from './passphrase.ts';

/** Options of every command that signs. */
export type SigningOptions = AsJson & {
  readonly keys: readonly string[];
  readonly passphraseFile?: readonly string[];
};
export type DayOptions = { readonly [Role in keyof Lifetimes]?: number };

/** The keys in these folders, or the exit code of why not. */
export async function withKeys(
  session: Session,
  { options, command }: { readonly options: SigningOptions; readonly command: string },
  work: (keys: KeyRing) => Promise<number>,
): Promise<number> {
  const asked = await passphrases(session, { files: options.passphraseFile ?? [], command }, 'open');
  if (!asked.ok) return refuse(session, asked.fault);
  const keys = await loadKeys(
    options.keys.map((folder) => resolve(folder)),
    asked.value,
  );
  return keys.ok ? work(keys.value) : refuse(session, keys.fault);
}

export const expiryText = (expires: Expiries): string =>
  `${columns(Object.entries(expires).map(([role, date]) => [`  ${role}`, `valid until ${date.slice(0, 10)}`]))}\n`;
