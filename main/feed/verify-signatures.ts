import type { Metadata, Root } from '@tufjs/models';
import { fault } from '../../contract/faults/faults.ts';
import type { Fault } from '../../contract/faults/faults.ts';
import type { Content, RoleName } from './sign.ts';

/** The root that says who may sign, and those before it, to know a retired key when it is seen. */
export type Authority = { readonly root: Root; readonly earlier: readonly Root[] };

/** Null when enough of the right keys signed; else why not, by its name. */
export function verifySignatures(
  metadata: Metadata<Content>,
  { file, role }: { readonly file: string; readonly role: RoleName },
  { root, earlier }: Authority,
): Fault | null {
  const { keyIDs, threshold } = root.roles[role]!;
  const signatures = Object.keys(metadata.signatures);
  if (signatures.length === 0) return fault('trust-unsigned', { file });
  const claimed = keyIDs.filter((id) => signatures.includes(id));
  const valid = claimed.filter((id) => isValid(metadata, root, id));
  if (valid.length >= threshold) return null;
  if (valid.length < claimed.length) return fault('trust-signature', { file });
  if (valid.length > 0) return fault('trust-threshold', { file, signatures: valid.length, threshold });
  if (earlier.some((each) => each.roles[role]!.keyIDs.some((id) => signatures.includes(id))))
    return fault('trust-key-retired', { file });
  const isOther = signatures.some((id) => root.keys[id] !== undefined);
  return fault(isOther ? 'trust-wrong-role' : 'trust-wrong-key', { file });
}

function isValid(metadata: Metadata<Content>, root: Root, id: string): boolean {
  try {
    root.keys[id]!.verifySignature(metadata);
    return true;
  } catch {
    return false;
  }
}
