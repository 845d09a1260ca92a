import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Key, Signature } from '@tufjs/models';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { writeDurably } from '../../lib/durable.ts';
import { diskFault } from '../disk-fault.ts';
import { openKey, publicHex, readKeyHead, sealKey } from './key-file.ts';
import { makeFolders } from '../../lib/make-folders.ts';

/** One for all, or asked for key by key when it is needed; null: nobody knows it. */
export type Passphrase = string | ((key: string) => Promise<string | null>);
export type Signer = {
  readonly id: string;
  readonly name: string;
  readonly sign: (bytes: Buffer) => Signature;
};
type KeyAtHand = { readonly id: string; readonly name: string; readonly file: string };

/** The private keys in some folders. Each is opened when it first signs; what was opened stays open. */
export type KeyRing = {
  readonly folder: string;
  readonly atHand: readonly KeyAtHand[];
  has(id: string): boolean;
  signer(id: string): Promise<Outcome<Signer>>;
};

/** Looks which keys these folders hold. No passphrase is needed before something is signed. */
export async function loadKeys(
  folders: string | readonly string[],
  passphrase: Passphrase,
): Promise<Outcome<KeyRing>> {
  const found: (KeyAtHand & { readonly text: string })[] = [];
  for (const folder of typeof folders === 'string' ? [folders] : folders) {
    try {
      for (const name of (await readdir(folder)).filter((each) => each.endsWith('.pem')).sort()) {
        const file = join(folder, name);
        const text = await readFile(file, 'utf8');
        const head = readKeyHead(text);
        if (head) found.push({ ...head, file, text });
      }
    } catch (error) {
      return diskFault(error, folder);
    }
  }
  const opened = new Map<string, Signer>();
  return ok({
    folder: typeof folders === 'string' ? folders : folders.join(', '),
    atHand: found.map(({ id, name, file }) => ({ id, name, file })),
    has: (id) => found.some((key) => key.id === id),
    signer: async (id) => {
      const ready = opened.get(id);
      if (ready) return ok(ready);
      const key = found.find((each) => each.id === id);
      if (!key) return failed('key-missing', { key: id.slice(0, 8), folder: String(folders) });
      const given = typeof passphrase === 'string' ? passphrase : await passphrase(key.name);
      const open = given === null ? null : await openKey(key.text, given);
      // A file that says it is another key than it is would sign for nobody.
      if (!open || keyOf(open).keyID !== id) return failed('key-passphrase', { file: basename(key.file) });
      const signer = signerOf(open, key.name);
      opened.set(id, signer);
      return ok(signer);
    },
  });
}

export type NewKey = { readonly name: string; readonly key: Key; readonly signer: Signer };

/** What will seal a key that is not there yet. */
export async function newPassphrase(
  folder: string,
  name: string,
  passphrase: Passphrase,
): Promise<Outcome<string>> {
  const file = join(folder, `${name}.pem`);
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  if (isThere) return failed('key-exists', { file });
  const given = typeof passphrase === 'string' ? passphrase : await passphrase(name);
  return given === null || given === '' ? failed('key-passphrase', { file: `${name}.pem` }) : ok(given);
}

/** A new key, sealed in `<folder>/<name>.pem`. Never writes over one that is there. */
export async function makeKey(
  folder: string,
  name: string,
  passphrase: Passphrase,
): Promise<Outcome<NewKey>> {
  const given = await newPassphrase(folder, name, passphrase);
  if (!given.ok) return given;
  const file = join(folder, `${name}.pem`);
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = keyOf(privateKey);
  try {
    await makeFolders(folder, { mode: 0o700 });
    await writeDurably(file, await sealKey(privateKey, { name, id: key.keyID }, { passphrase: given.value }));
    return ok({ name, key, signer: signerOf(privateKey, name) });
  } catch (error) {
    return diskFault(error, file);
  }
}

function signerOf(key: KeyObject, name: string): Signer {
  const { keyID } = keyOf(key);
  return {
    id: keyID,
    name,
    sign: (bytes) => new Signature({ keyID, sig: sign(null, bytes, key).toString('hex') }),
  };
}

/** The public half as The Update Framework writes it; its id is the SHA-256 of that, in canonical JSON. */
function keyOf(key: KeyObject): Key {
  const hex = publicHex(key);
  const canonical = `{"keytype":"ed25519","keyval":{"public":"${hex}"},"scheme":"ed25519"}`;
  const keyID = createHash('sha256').update(canonical).digest('hex');
  return new Key({ keyID, keyType: 'ed25519', scheme: 'ed25519', keyVal: { public: hex } });
}
