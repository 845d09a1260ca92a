import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { loadKeys } from '../../main/feed/index.ts';
import { openKey, publicHex, readKeyHead, sealKey } from '../../main/feed/keys/key-file.ts';
import { makeKey } from '../../main/feed/keys/ring.ts';
import { faultOf } from '../packs/fixture.ts';
import { passphrase, place, valueOf } from './fixture.ts';

const made = { folder: '', file: '', id: '' };
beforeAll(async () => {
  made.folder = place();
  made.file = join(made.folder, 'packs.pem');
  made.id = valueOf(await makeKey(made.folder, 'packs', passphrase)).key.keyID;
});

test('a key file says which key it is, and only its passphrase opens it', async () => {
  const text = readFileSync(made.file, 'utf8');
  expect(readKeyHead(text)).toEqual({ name: 'packs', id: made.id });
  expect(await openKey(text, passphrase)).not.toBeNull();
  for (const wrong of ['', 'Correct horse battery staple', `${passphrase} `])
    expect(await openKey(text, wrong)).toBeNull();
  if (process.platform !== 'win32') expect(statSync(made.file).mode & 0o077).toBe(0);
});

test('none of many wrong passphrases opens it', async () => {
  const text = readFileSync(made.file, 'utf8');
  const wrong = Array.from({ length: 8 }, (_, at) => openKey(text, `guess ${at}`));
  expect((await Promise.all(wrong)).filter((key) => key !== null)).toEqual([]);
});

test('a key file that was cut or changed opens with no passphrase', async () => {
  const text = readFileSync(made.file, 'utf8');
  const body = text.split('\n');
  const cut = [...body.slice(0, 4), ...body.slice(5)].join('\n');
  const flipped = text.replace(
    /(-----\n.{50})(.)/u,
    (_, head: string, letter: string) => head + (letter === 'A' ? 'B' : 'A'),
  );
  for (const damaged of [
    cut,
    flipped,
    '',
    '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----',
  ])
    expect(await openKey(damaged, passphrase)).toBeNull();
});

test('a file that claims to be another key signs nothing', async () => {
  const folder = place();
  const text = readFileSync(made.file, 'utf8').replace(made.id, '0'.repeat(64));
  writeFileSync(join(folder, 'packs.pem'), text);
  const keys = valueOf(await loadKeys(folder, passphrase));
  expect(faultOf(await keys.signer('0'.repeat(64))).code).toBe('key-passphrase');
});

test.runIf(spawnSync('openssl', ['version']).status === 0)('openssl reads the same key', async () => {
  const pem = execFileSync('openssl', ['pkey', '-in', made.file, '-passin', `pass:${passphrase}`]);
  const key = await openKey(readFileSync(made.file, 'utf8'), passphrase);
  expect(publicHex(createPrivateKey(pem))).toBe(publicHex(key!));
});

test('a new key has the cost of 2^14, 8, 5; one that was sealed at another cost states it, and opens', async () => {
  const text = readFileSync(made.file, 'utf8');
  // In DER: INTEGER 16384, INTEGER 8, INTEGER 5.
  const costs = (pem: string) =>
    Buffer.from(pem.replace(/^-+.*|^[A-Z].*: .*/gmu, ''), 'base64').toString('hex');
  expect(costs(text)).toContain('02024000020108020105');
  const key = (await openKey(text, passphrase))!;
  const other = await sealKey(key, readKeyHead(text)!, { passphrase, cost: { N: 4, r: 2, p: 3 } });
  expect(costs(other)).toContain('020104020102020103');
  expect(publicHex((await openKey(other, passphrase))!)).toBe(publicHex(key));
  expect(await openKey(other, `${passphrase} `)).toBeNull();
});
