import { status } from '@grpc/grpc-js';
import type { Metadata } from '@grpc/grpc-js';
import { faultTable } from '../../../contract/faults/faults.ts';
import type { Fault } from '../../../contract/faults/faults.ts';
import type { Attributes, RequestSpan, Tracing } from '../trace/index.ts';
import { textOf } from './metadata.ts';
import { codeOf } from './status.ts';

/** The server span of one call, below the caller's own where the metadata names it. */
export function spanOf(
  tracing: Tracing,
  call: { readonly metadata: Metadata; getPath(): string },
): RequestSpan {
  const [, service = '', method = ''] = call.getPath().split('/');
  return tracing.begin({
    name: `${service}/${method}`,
    traceparent: textOf(call.metadata, 'traceparent'),
    tracestate: textOf(call.metadata, 'tracestate'),
    attributes: { 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': method },
  });
}

/** How a call ended, as a span says it. */
export function endOf(fault: Fault | null): [Attributes, boolean] {
  const http = fault ? faultTable[fault.code].http : 200;
  return [{ 'rpc.grpc.status_code': fault ? codeOf(http) : status.OK }, http >= 500];
}
