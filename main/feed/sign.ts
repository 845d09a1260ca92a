import { createHash } from 'node:crypto';
import { Metadata, Signature } from '@tufjs/models';
import type { Root, Snapshot, Targets, Timestamp } from '@tufjs/models';
import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import type { KeyRing, Signer } from './keys/ring.ts';
import { keyNames } from './notes.ts';

export type Content = Root | Timestamp | Snapshot | Targets;
export type RoleName = 'root' | 'targets' | 'snapshot' | 'timestamp';

export function signWith<T extends Content>(content: T, signers: readonly Signer[]): Metadata<T> {
  const metadata = new Metadata(content);
  for (const signer of signers) metadata.sign(signer.sign);
  return metadata;
}

/** Pretty-printed, so that two versions can be compared with diff. */
export const fileBytes = (metadata: Metadata<Content>): Buffer =>
  Buffer.from(`${JSON.stringify(metadata.toJSON(), null, 1)}\n`, 'utf8');

/** SHA-256 of what the signatures of the first root cover. A person compares it by eye or by ear. */
export function fingerprintOf(root: Root): string {
  let covered: Uint8Array = new Uint8Array();
  // The canonical form is what a signer is handed.
  new Metadata(root).sign((bytes) => {
    covered = bytes;
    return new Signature({ keyID: 'none', sig: '' });
  });
  return createHash('sha256').update(covered).digest('hex');
}

/** As many of a role's keys as it needs, opened. What is missing is named before anything is written. */
export async function signersFor(
  root: Root,
  role: RoleName,
  keys: KeyRing,
): Promise<Outcome<readonly Signer[]>> {
  const { keyIDs, threshold } = root.roles[role]!;
  const atHand = keyIDs.filter((id) => keys.has(id)).slice(0, threshold);
  if (atHand.length < threshold) {
    const names = keyNames(root);
    const missing = keyIDs.filter((id) => !keys.has(id)).map((id) => names.get(id) ?? id.slice(0, 8));
    return failed('key-missing', { key: missing.join(' or '), folder: keys.folder });
  }
  const signers: Signer[] = [];
  for (const id of atHand) {
    const signer = await keys.signer(id);
    if (!signer.ok) return signer;
    signers.push(signer.value);
  }
  return ok(signers);
}
