import { createHash, webcrypto } from 'node:crypto';
import type { ResultKeyParts } from '../../../../contract/result-key.ts';
import type { TensorBytes } from '../../../../contract/tensor.ts';
import type { Plan } from '../../plan.ts';

/** Beyond this, hashing here would hold up other requests longer than handing it to another thread takes. */
const hashedHereBytes = 256 * 1024;

/**
 * What a stored answer is found by: which model, variant and provider answers, and the digest of the inputs. Which outputs
 * were asked for is no part of it, since all are stored.
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
  const digests = await Promise.all(sorted.map(({ data }) => bytesDigest(data)));
  const hash = createHash('sha256');
  for (const [at, { name, type, dims, data }] of sorted.entries()) {
    const head = Buffer.from(JSON.stringify([name, type, dims, data.byteLength]), 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32LE(head.byteLength);
    hash
      .update(length)
      .update(head)
      .update(digests[at] ?? Buffer.alloc(0));
  }
  return `sha256:${hash.digest('hex')}`;
}

/** SHA-256; of many bytes on another thread. */
export async function bytesDigest(data: Uint8Array): Promise<Uint8Array> {
  if (data.byteLength <= hashedHereBytes) return createHash('sha256').update(data).digest();
  return new Uint8Array(await webcrypto.subtle.digest('SHA-256', data));
}
