import { resolve } from 'node:path';
import type { Outcome } from '../../../contract/faults.ts';
import { loadKeys } from '../../feed/index.ts';
import type { Expiries, KeyRing, Lifetimes } from '../../feed/index.ts';
import { refuse } from '../lifecycle/lifecycle.ts';
import { printJson } from '../models.ts';
import { columns } from '../paint.ts';
import type { Session } from '../session.ts';
import { passphrases } from './passphrase.ts';

export type AsJson = { readonly json?: boolean };
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

/** Prints what came of it, as JSON or in words; or complains. */
export async function tellOutcome<T>(
  session: Session,
  outcome: Outcome<T>,
  { json, text }: AsJson & { readonly text: (value: T) => string },
): Promise<number> {
  if (!outcome.ok) return refuse(session, outcome.fault);
  if (json) await printJson(session, outcome.value);
  else await session.terminal.print(text(outcome.value));
  return 0;
}

export const expiryText = (expires: Expiries): string =>
  `${columns(Object.entries(expires).map(([role, date]) => [`  ${role}`, `valid until ${date.slice(0, 10)}`]))}\n`;
