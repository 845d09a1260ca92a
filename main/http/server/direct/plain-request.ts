import type { IncomingHttpHeaders } from 'node:http';

/** A larger body takes long to read beside what Fastify takes. */
export const mostBytes = 64 * 1024;
/** What a request may have besides to be answered without Fastify: nothing that changes how it is read or answered. */
const besides = ['transfer-encoding', 'content-encoding', 'expect', 'origin', 'upgrade'] as const;
/** Types that every reader of media types takes for one. */
const plainType = /^[a-z]+\/[a-z0-9.+-]+(?:; ?charset=utf-8)?$/iu;
const mostKnownTypes = 64;

/** Bytes of the body of a request without anything unusual about it; null for any other. Types are matched once each. */
export function createPlainBodyBytes(): (headers: IncomingHttpHeaders) => number | null {
  const knownTypes = new Set<string>();
  const isPlainType = (type: string): boolean => {
    if (knownTypes.has(type)) return true;
    if (!plainType.test(type)) return false;
    if (knownTypes.size < mostKnownTypes) knownTypes.add(type);
    return true;
  };
  return (headers) => {
    const length = headers['content-length'];
    const type = headers['content-type'];
    if (length === undefined || type === undefined || !isPlainType(type)) return null;
    for (const name of besides) if (headers[name] !== undefined) return null;
    return Number(length);
  };
}
