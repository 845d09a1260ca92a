import { readFile } from 'node:fs/promises';
import { fault, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { Passphrase } from '../../feed/index.ts';
import type { Session } from '../session.ts';

const leastLength = 8;
const mostFileBytes = 4096;

export type Asking = {
  /** `FILE` for every key or `NAME=FILE` for one; a passphrase itself is never a word of a command. */
  readonly files: readonly string[];
  readonly command: string;
};

/** Reads the passphrases of keys: from files if given, else from the terminal. */
export async function passphrases(
  session: Session,
  { files, command }: Asking,
  purpose: 'open' | 'make',
): Promise<Outcome<Passphrase>> {
  const given = new Map<string, string>();
  for (const entry of files) {
    const [, name = '', path = entry] = /^([a-z]+(?:-\d+)?)=(.+)$/u.exec(entry) ?? [];
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null || text.length > mostFileBytes)
      return refuse(command, `The passphrase file ${path} cannot be read.`);
    const passphrase = text.replace(/\r?\n$/u, '');
    if (purpose === 'make' && passphrase.length < leastLength)
      return refuse(command, `A passphrase needs at least ${leastLength} characters (${path}).`);
    given.set(name, passphrase);
  }
  if (given.size === 0 && process.stdin.isTTY !== true)
    return refuse(command, 'Give the passphrases with --passphrase-file, or run this on a terminal.');
  let last: string | null = null;
  return ok(async (key) => {
    const fromFile = given.get(key) ?? given.get('');
    if (fromFile !== undefined) return fromFile;
    if (process.stdin.isTTY !== true) return null;
    last = purpose === 'open' ? await askKnown(session, key, last) : await askNew(session, key, last);
    return last;
  });
}

const sameText = (last: string | null): string => (last === null ? '' : ' (Enter: the same as before)');

async function askKnown(session: Session, key: string, last: string | null): Promise<string> {
  const typed = await askHidden(session, `Passphrase of ${key}${sameText(last)}: `);
  return typed === '' && last !== null ? last : typed;
}

async function askNew(session: Session, key: string, last: string | null): Promise<string> {
  for (;;) {
    const first = await askHidden(session, `New passphrase for ${key}${sameText(last)}: `);
    if (first === '' && last !== null) return last;
    if (first.length < leastLength) {
      session.terminal.raw(`It needs at least ${leastLength} characters.\n`);
      continue;
    }
    if ((await askHidden(session, 'Once more: ')) === first) return first;
    session.terminal.raw('These two were not the same.\n');
  }
}

/** Reads without echo. Ctrl-C ends the command, as anywhere else. */
function askHidden({ terminal }: Session, question: string): Promise<string> {
  const { stdin } = process;
  terminal.raw(question);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stdin.resume();
  return new Promise((resolve) => {
    const typed: string[] = [];
    const finish = (): void => {
      stdin.off('data', take);
      stdin.setRawMode(false);
      stdin.pause();
      terminal.raw('\n');
    };
    const take = (text: string): void => {
      for (const letter of text) {
        if (letter === '\r' || letter === '\n' || letter === '\u0004') {
          finish();
          resolve(typed.join(''));
          return;
        }
        if (letter === '\u0003') {
          finish();
          process.kill(process.pid, 'SIGINT');
          return;
        }
        if (letter === '\u007f' || letter === '\b') typed.pop();
        else if (letter >= ' ') typed.push(letter);
      }
    };
    stdin.on('data', take);
  });
}

const refuse = (command: string, reason: string): Outcome<never> => ({
  ok: false,
  fault: fault('usage', { reason, command }),
});
