import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fault } from '../../../contract/faults/faults.ts';
import type { AsJson } from '../command.ts';
import type { Session } from '../session.ts';
import { printJson, refuse } from '../report.ts';
import { withOpened } from '../open.ts';

/** Nothing is trusted before the fingerprint that somebody else told matches the file's. */
export function trust(
  session: Session,
  options: AsJson & { fingerprint?: string },
  given: string,
): Promise<number> {
  return withOpened(session, async ({ updates }) => {
    const file = await rootFile(resolve(given));
    const { previewRoot, trust: adopt } = await updates();
    const preview = await previewRoot(file);
    if (!preview.ok) return refuse(session, preview.fault);
    const { publisher, fingerprint, keys, threshold, expires } = preview.value;
    session.terminal.raw(
      `${publisher}: ${threshold} of ${keys} root keys, valid until ${expires.slice(0, 10)}\n  fingerprint ${grouped(fingerprint)}\n`,
    );
    const typed = options.fingerprint ?? (await askFingerprint(session));
    if (typed === null)
      return refuse(
        session,
        fault('usage', { reason: 'Give the fingerprint with --fingerprint.', command: 'models trust' }),
      );
    const plain = typed.replaceAll(/[\s:]/gu, '').toLowerCase();
    // Sixteen digits that somebody read out are enough to tell one key from another.
    const isSame = plain.length >= 16 && fingerprint.startsWith(plain);
    const trusted = await adopt(file, isSame ? fingerprint : plain);
    if (!trusted.ok) return refuse(session, trusted.fault);
    if (options.json) await printJson(session, preview.value);
    else await session.terminal.print(`${publisher} is trusted on this computer.\n`);
    return 0;
  });
}

export function publishers(session: Session, { json }: AsJson): Promise<number> {
  return withOpened(session, async ({ updates }) => {
    const known = (await updates()).state().publishers;
    if (json) await printJson(session, known);
    else if (known.length === 0)
      await session.terminal.print('No publisher is trusted on this computer yet.\n');
    else
      await session.terminal.print(
        known
          .map(
            ({ name, fingerprint, rootVersion }) =>
              `${name}, root ${rootVersion}\n  ${grouped(fingerprint)}\n`,
          )
          .join(''),
      );
    return 0;
  });
}

export function distrust(session: Session, fingerprint: string): Promise<number> {
  return withOpened(session, async ({ updates }) => {
    const done = await (await updates()).distrust(fingerprint.replaceAll(/[\s:]/gu, '').toLowerCase());
    return done.ok ? 0 : refuse(session, done.fault);
  });
}

export const grouped = (fingerprint: string): string => fingerprint.replaceAll(/(.{4})(?=.)/gu, '$1 ');

/** A feed folder holds its first root. */
async function rootFile(path: string): Promise<string> {
  const inside = join(path, 'metadata', '1.root.json');
  const isFeed = await stat(inside).then(
    (entry) => entry.isFile(),
    () => false,
  );
  return isFeed ? inside : path;
}

async function askFingerprint({ terminal }: Session): Promise<string | null> {
  if (!process.stdin.isTTY) return null;
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    terminal.raw(
      'Compare it with what the publisher told you, then type its first 16 characters or all of it.\n',
    );
    const typed = await reader.question('Fingerprint: ');
    return typed;
  } finally {
    reader.close();
  }
}
