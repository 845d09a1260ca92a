import { Metadata, status } from '@grpc/grpc-js';
import type { StatusObject } from '@grpc/grpc-js';
import { faultTable } from '../../../contract/faults/faults.ts';
import type { Fault } from '../../../contract/faults/faults.ts';

/** A fault as gRPC tells it. The trailers carry its code, and `retry-after` where asking again later may help. */
export function statusOf(fault: Fault): StatusObject {
  const metadata = new Metadata();
  metadata.set('outpost-fault', fault.code);
  const { http } = faultTable[fault.code];
  if (http === 503) metadata.set('retry-after', '1');
  const code = fault.code === 'request-memory-full' ? status.RESOURCE_EXHAUSTED : codeOf(http);
  return { code, details: fault.message.slice(0, longestDetails), metadata };
}

/** Texts name what came, however long it is, and trailers have to stay small. */
const longestDetails = 1000;

/** gRPC's code for a status of HTTP. */
export function codeOf(http: number): status {
  const exact = codes.get(http);
  if (exact !== undefined) return exact;
  return http >= 400 && http < 500 ? status.INVALID_ARGUMENT : status.INTERNAL;
}

const codes: ReadonlyMap<number, status> = new Map([
  [400, status.INVALID_ARGUMENT],
  [401, status.UNAUTHENTICATED],
  [403, status.PERMISSION_DENIED],
  [404, status.NOT_FOUND],
  [408, status.DEADLINE_EXCEEDED],
  [409, status.ABORTED],
  [413, status.RESOURCE_EXHAUSTED],
  [423, status.ABORTED],
  [429, status.RESOURCE_EXHAUSTED],
  [431, status.RESOURCE_EXHAUSTED],
  [499, status.CANCELLED],
  [501, status.UNIMPLEMENTED],
  [503, status.UNAVAILABLE],
  [504, status.DEADLINE_EXCEEDED],
  [507, status.RESOURCE_EXHAUSTED],
]);
