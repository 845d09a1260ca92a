import type { FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { asSha256 } from '../../../lib/sha256.ts';
import type { Sha256 } from '../../../lib/sha256.ts';

declare module 'fastify' {
  // eslint-disable-next-line -- fastify's way to type what a route says of itself
  interface FastifyContextConfig {
    /** The body itself may be a photo: its digest is computed while it arrives. */
    takesPhoto?: boolean;
  }
}

const digests = new WeakMap<Uint8Array, Sha256>();

/**
 * For a body that is one photo. Each piece is hashed while it is in the processor's cache; WebCrypto copies the whole body
 * first, and wipes the copy afterwards on the event loop.
 */
export function photoHash({ routeOptions, headers }: FastifyRequest): Hash | null {
  if (!routeOptions.config.takesPhoto) return null;
  return /^\s*(?:text|multipart)\//iu.test(headers['content-type'] ?? '') ? null : createHash('sha256');
}

export const noteDigest = (body: Uint8Array, hash: Hash): void =>
  void digests.set(body, asSha256(hash.digest('hex')));

/** Null where it was not computed on the way. */
export const digestOf = (body: Uint8Array): Sha256 | null => digests.get(body) ?? null;
