import { faultTable } from '../../../contract/faults/faults.ts';
import type { Fault } from '../../../contract/faults/faults.ts';

/** Why a request is not answered, as TensorFlow Serving tells it: `{"error": text}` under this status. */
export type Refusal = {
  readonly status: number;
  readonly text: string;
  readonly isPassing?: boolean;
  /** Absent where this protocol's own reading refused the request. */
  readonly fault?: Fault;
};
export type Read<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export const read = <T>(value: T): Read<T> => ({ ok: true, value });
export const refused = (text: string, status = 400): Read<never> => ({
  ok: false,
  refusal: { status, text },
});
export const faulted = (fault: Fault): Read<never> => ({ ok: false, refusal: refusalOf(fault) });

/** A fault in this protocol: its message, under the status of the table. */
export function refusalOf(fault: Fault): Refusal {
  const { http } = faultTable[fault.code];
  // What TensorFlow Serving has no status for, as 415 and 422, is its InvalidArgument or its Internal.
  const status = http in errorCodes ? http : http < 500 ? 400 : 500;
  return { status, text: fault.message, isPassing: http === 503, fault };
}

/** The name of a status among Google's error codes, for `error_code` of a version's status. */
export function errorCodeOf(status: number): string {
  return errorCodes[status] ?? 'UNKNOWN';
}

const errorCodes: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};
