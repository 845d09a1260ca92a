import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  scrypt,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { der, derInteger, derTag, readDer } from './der.ts';

/*
 * A private key at rest: PKCS#8 in PEM, sealed by scrypt (2^14, 8, 5) and AES-256-CBC, as `openssl pkey` reads it. It is
 * opened here and not by the crypto library, because the one inside Electron does not know scrypt in key files. The lines
 * above the PEM say which key it is, so that what is at hand can be listed without a passphrase.
 */
const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);
/** Cost parameters of scrypt. A key file states those that it was sealed with, so they may differ from file to file. */
type KeyCost = { readonly N: number; readonly r: number; readonly p: number };
const fullCost: KeyCost = { N: 2 ** 14, r: 8, p: 5 };
const mostMemory = 256 * 1024 ** 2;
const pemName = 'ENCRYPTED PRIVATE KEY';
const oid = {
  pbes2: Buffer.from('2a864886f70d01050d', 'hex'),
  scrypt: Buffer.from('2b06010401da47040b', 'hex'),
  aes256: Buffer.from('60864801650304012a', 'hex'),
} as const;

type KeyHead = { readonly name: string; readonly id: string };

/** `cost` is for drills that open the same key hundreds of times; a key that is to be kept secret takes the full one. */
export async function sealKey(
  key: KeyObject,
  head: KeyHead,
  { passphrase, cost = fullCost }: { readonly passphrase: string; readonly cost?: KeyCost },
): Promise<string> {
  const [salt, iv] = [randomBytes(16), randomBytes(16)];
  const secret = await derive(passphrase, salt, 32, { ...cost, maxmem: mostMemory });
  const cipher = createCipheriv('aes-256-cbc', secret, iv);
  const plain = key.export({ type: 'pkcs8', format: 'der' });
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  const parameters = [
    der(derTag.octets, salt),
    derInteger(cost.N),
    derInteger(cost.r),
    derInteger(cost.p),
    derInteger(32),
  ];
  const kdf = der(derTag.sequence, der(derTag.oid, oid.scrypt), der(derTag.sequence, ...parameters));
  const scheme = der(derTag.sequence, der(derTag.oid, oid.aes256), der(derTag.octets, iv));
  const algorithm = der(derTag.sequence, der(derTag.oid, oid.pbes2), der(derTag.sequence, kdf, scheme));
  const body = der(derTag.sequence, algorithm, der(derTag.octets, sealed)).toString('base64');
  const lines = body.match(/.{1,64}/gu) ?? [];
  return [
    `Outpost feed key: ${head.name}`,
    `Key id: ${head.id}`,
    `-----BEGIN ${pemName}-----`,
    ...lines,
    `-----END ${pemName}-----`,
    '',
  ].join('\n');
}

/** What the file says of itself; null when it is no key of a feed. Proved only by opening it. */
export function readKeyHead(text: string): KeyHead | null {
  const name = /^Outpost feed key: (?<name>[a-z0-9-]{1,60})$/mu.exec(text)?.groups?.['name'];
  const id = /^Key id: (?<id>[0-9a-f]{64})$/mu.exec(text)?.groups?.['id'];
  return name === undefined || id === undefined || !text.includes(`BEGIN ${pemName}`) ? null : { name, id };
}

/** Null when the passphrase does not open it, or the file is damaged: nobody can tell these apart. */
export async function openKey(text: string, passphrase: string): Promise<KeyObject | null> {
  const sealed = readSealed(text);
  if (!sealed) return null;
  try {
    const { salt, N, r, p, iv, content } = sealed;
    const secret = await derive(passphrase, salt, 32, { N, r, p, maxmem: mostMemory });
    const decipher = createDecipheriv('aes-256-cbc', secret, iv);
    const plain = Buffer.concat([decipher.update(content), decipher.final()]);
    const key = createPrivateKey({ key: plain, format: 'der', type: 'pkcs8' });
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}

/** The raw 32 bytes of the public half, in hexadecimal. */
export function publicHex(key: KeyObject): string {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return spki.subarray(spki.byteLength - 32).toString('hex');
}

function readSealed(text: string) {
  const body = new RegExp(
    `-----BEGIN ${pemName}-----\\s+([A-Za-z0-9+/=\\s]+?)-----END ${pemName}-----`,
    'u',
  ).exec(text)?.[1];
  const [whole] = readDer(Buffer.from(body ?? '', 'base64')) ?? [];
  const [algorithm, content] = inside(whole);
  const [pbes2, schemes] = inside(algorithm);
  const [kdf, cipher] = inside(schemes);
  const [kdfName, kdfParameters] = inside(kdf);
  const [cipherName, iv] = inside(cipher);
  const [salt, N, r, p] = inside(kdfParameters);
  const isOurs =
    pbes2?.content.equals(oid.pbes2) &&
    kdfName?.content.equals(oid.scrypt) &&
    cipherName?.content.equals(oid.aes256);
  if (!isOurs || !content || !iv || !salt || !N || !r || !p) return null;
  return {
    salt: salt.content,
    N: numberOf(N.content),
    r: numberOf(r.content),
    p: numberOf(p.content),
    iv: iv.content,
    content: content.content,
  };
}

type Node = NonNullable<ReturnType<typeof readDer>>[number];
const inside = (node: Node | undefined): readonly Node[] => (node ? (readDer(node.content) ?? []) : []);
const numberOf = (bytes: Buffer): number =>
  bytes.byteLength >= 1 && bytes.byteLength <= 5 ? bytes.readUIntBE(0, bytes.byteLength) : Number.NaN;
