import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { noTextReason, reasonText } from '../../contract/faults/reasons.ts';
import { decodeText } from '../lib/text.ts';
import type { TokenFinder, TokenHolder } from './types.ts';
import { holderOf } from './book.ts';
import type { Held } from './book.ts';
import { hashOf } from './secret.ts';

const maxBytes = 1024 * 1024;
const shortest = 16;
/** What a header can carry as a bearer token: RFC 6750, section 2.1. */
const bearer = /^[A-Za-z0-9\-._~+/]+=*$/u;

/**
 * Tokens of `outpost serve --token-file`: a line each, `name:token` or `token` alone; empty lines and lines that begin with
 * `#` are left out. Reads the file once; on SIGHUP the caller reads it again. Each token may ask for every model;
 * with `isControl` it may load and unload too. Fault: `config-invalid`, also for a file that everybody on this machine may read or change.
 */
export async function tokenFile(
  path: string,
  { isControl = false }: { readonly isControl?: boolean } = {},
): Promise<Outcome<TokenFinder>> {
  const text = await readPrivate(path);
  if (!text.ok) return text;
  const held = new Map<string, Held<TokenHolder>>();
  for (const [at, line] of text.value.split(/\r?\n/u).entries()) {
    const { name, token } = parse(line.trim(), at + 1);
    if (token === null) continue;
    if (!bearer.test(token) || token.length < shortest || token.length > 512)
      return wrong(
        path,
        `line ${at + 1} has no token of ${shortest} to 512 letters, digits and - . _ ~ + / with = at its end only`,
      );
    const hash = hashOf(token);
    if (held.has(hash)) return wrong(path, `line ${at + 1} has a token that stands above already`);
    held.set(hash, { hash, holder: { program: name, models: null, isControl } });
  }
  if (held.size === 0) return wrong(path, 'there is no token in it');
  return ok({ find: (token) => holderOf(held, token) });
}

function parse(line: string, number: number): { readonly name: string; readonly token: string | null } {
  if (line === '' || line.startsWith('#')) return { name: '', token: null };
  const colon = line.indexOf(':');
  if (colon < 0) return { name: `token ${number}`, token: line };
  const name = line.slice(0, colon).trim();
  return { name: name === '' ? `token ${number}` : name.slice(0, 60), token: line.slice(colon + 1).trim() };
}

/** Looks at the file that was opened, not at its name: what is checked is what is read. */
async function readPrivate(path: string): Promise<Outcome<string>> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = await file.stat();
      if (!stat.isFile()) return wrong(path, 'it is not a plain file');
      // A group may: that is how containers hand secrets over. Windows has no such bits; there the folder's rights count.
      if (process.platform !== 'win32' && (stat.mode & 0o006) !== 0)
        return wrong(path, 'everybody on this machine may read or change it; take that away with chmod 600');
      if (stat.size > maxBytes) return wrong(path, 'it has more than 1 MiB');
      const read = decodeText(await file.readFile());
      return read.ok ? ok(read.text) : wrong(path, reasonText(noTextReason(read.why)));
    } finally {
      await file.close();
    }
  } catch (error) {
    return wrong(path, (error as Error).message);
  }
}

const wrong = (file: string, reason: string) => failed('config-invalid', { file, reason });
