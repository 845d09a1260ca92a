import { createHash } from 'node:crypto';
import type { ResultKeyParts } from '../../../../contract/runs/result-key.ts';
import type { TensorBytes } from '../../../../contract/tensors/tensor.ts';
import { asSha256, hexOf, sha256Aside } from '../../../lib/sha256.ts';
import type { Plan } from '../../plan.ts';

/**
 * Parts of the result key: model, variant, provider and the digest of the inputs. Selected outputs are not part of it:
 * all outputs are stored.
 */
export async function keyParts(plan: Plan, tensors: readonly TensorBytes[]): Promise<ResultKeyParts> {
  const { pack, variant, provider } = plan;
  const input = await inputDigest(tensors);
  return { input, pack: pack.digest, variant: variant.name, provider, settings: 'tensors' };
}

/**
 * `sha256:` over the inputs in order of their names: of each, its head (name, type, shape, size; as JSON behind its length)
 * and the SHA-256 of its bytes. Equal bytes of another shape or type are another question.
 */
export async function inputDigest(tensors: readonly TensorBytes[]): Promise<string> {
  const sorted = tensors.toSorted((one, other) =>
    one.name < other.name ? -1 : Number(one.name > other.name),
  );
  const digests = await Promise.all(sorted.map(({ data }) => sha256Aside(data)));
  const hash = createHash('sha256');
  for (const [at, { name, type, dims, data }] of sorted.entries()) {
    const head = Buffer.from(JSON.stringify([name, type, dims, data.byteLength]), 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32LE(head.byteLength);
    hash
      .update(length)
      .update(head)
      .update(hexOf(digests[at] ?? ''), 'hex');
  }
  return asSha256(hash.digest('hex'));
}
