import type { KeyObject } from 'node:crypto';
import { Key } from '@tufjs/models';
import { getPublicKey } from '@tufjs/models/dist/utils/key.js';
import { fault } from '../../../contract/faults/faults.ts';
import type { Fault } from '../../../contract/faults/faults.ts';
import { roles } from './document.ts';
import type { Document, Signed } from './document.ts';

type SignedMetadata = Parameters<Key['verifySignature']>[0];

/** Roots whose keys may sign: the trusted one, and earlier ones to recognise retired keys. */
export type Authority = {
  readonly root: Signed<'root'>;
  readonly older: readonly Signed<'root'>[];
};

/** The fault of a document's signatures; null when enough keys of its role signed it. */
export function verifySignatures(document: Document, { root, older }: Authority): Fault | null {
  const { file, role, signatures } = document;
  if (signatures.length === 0) return fault('trust-unsigned', { file });
  const metadata = asMetadata(document);
  const { keyids, threshold } = root.roles[role];
  const named = [...new Set(signatures.map(({ keyid }) => keyid))];
  const ours = named.filter((keyid) => keyids.includes(keyid) && root.keys[keyid] !== undefined);
  const valid = ours.filter((keyid) => verifies(metadata, root, keyid));
  // The same key under two ids counts once, however its text is written.
  const signers = new Set(valid.map((keyid) => publicKey(root, keyid))).size;
  if (signers >= threshold) return null;
  if (signers > 0 && valid.length === ours.length)
    return fault('trust-threshold', { file, signatures: signers, threshold });
  if (ours.length > 0) return fault('trust-signature', { file });
  if (roles.some((other) => named.some((keyid) => root.roles[other].keyids.includes(keyid))))
    return fault(verifiesAny(metadata, root, named) ? 'trust-wrong-role' : 'trust-signature', { file });
  const isRetired = older.some((past) => verifiesAny(metadata, past, named));
  return fault(isRetired ? 'trust-key-retired' : 'trust-wrong-key', { file });
}

/** First 16 digits of the id of a key that signed a valid document. */
export function signingKey(document: Document, root: Signed<'root'>): string {
  const metadata = asMetadata(document);
  const keyid = root.roles[document.role].keyids.find((id) => verifies(metadata, root, id));
  return (keyid ?? '').slice(0, 16);
}

/**
 * The input of the library's key check: the first signature of each key, and the signed part. The library's own parser
 * takes time quadratic in the number of targets.
 */
function asMetadata({ signed, signatures }: Document): SignedMetadata {
  const first = new Map(signatures.toReversed().map(({ keyid, sig }) => [keyid, { keyID: keyid, sig }]));
  return {
    signatures: Object.fromEntries(first),
    signed: { toJSON: () => signed },
  } as unknown as SignedMetadata;
}

function verifies(metadata: SignedMetadata, root: Signed<'root'>, keyid: string): boolean {
  const key = root.keys[keyid];
  if (!key) return false;
  try {
    Key.fromJSON(keyid, key as never).verifySignature(metadata);
    return true;
  } catch {
    return false;
  }
}

const verifiesAny = (metadata: SignedMetadata, root: Signed<'root'>, keyids: readonly string[]): boolean =>
  keyids.some((keyid) => verifies(metadata, root, keyid));

/**
 * The key as parsed by the library, so that different spellings compare equal: hexadecimal in either case, PEM with any
 * line ends.
 */
function publicKey(root: Signed<'root'>, keyid: string): string {
  const entry = root.keys[keyid];
  if (!entry) return keyid;
  const { keytype: keyType, scheme, keyval } = entry;
  const { key } = getPublicKey({ keyType, scheme, keyVal: keyval.public });
  const { kty, crv, x, y, n, e } = (key as unknown as KeyObject).export({ format: 'jwk' });
  return JSON.stringify([kty, crv, x, y, n, e]);
}
