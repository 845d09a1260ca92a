import { z } from 'zod';
import { faultTable } from './fault-table.ts';
import { fillText } from './fill-text.ts';
import { detail, isReason, Reason, reasonText } from './reasons.ts';
import type { ReasonParam } from './reasons.ts';

export { faultTable };
export type FaultCode = keyof typeof faultTable;
export const faultCodes = Object.keys(faultTable) as [FaultCode, ...FaultCode[]];

/**
 * A failure as plain data, unchanged across processes. `params` fill the texts. A param that is itself a sentence is in
 * English there, as the command line and HTTP print it, and as data in `reasons`, which the window translates.
 */
export const Fault = z.strictObject({
  code: z.enum(faultCodes),
  message: z.string(),
  hint: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  reasons: z.record(z.string(), Reason).optional(),
});
export type Fault = z.infer<typeof Fault>;

/**
 * Params that hold words rather than names or numbers: they must be rows of the reason table, so that they exist in
 * every language.
 */
type WordedParam = 'reason' | 'what' | 'state' | 'format' | 'advice' | 'kind' | 'input' | 'missing';
type FaultParams = { readonly [name: string]: ReasonParam | undefined } & {
  readonly [name in WordedParam]?: Reason;
};
/** Faults that only another program, the command line or a publisher gets; their texts are English only. */
type ClientFault =
  | 'bind-file-taken'
  | 'config-invalid'
  | 'feed-invalid'
  | 'queue-unreachable'
  | 'request-malformed'
  | 'token-not-allowed'
  | 'usage';
type ParamsFor<C extends FaultCode> = [C] extends [ClientFault]
  ? Readonly<Record<string, ReasonParam>>
  : FaultParams;

/** Creates the fault of this code with its texts filled in. */
export function fault<C extends FaultCode>(code: C, params?: ParamsFor<C>): Fault {
  const { message, hint } = faultTable[code];
  const plain: Record<string, string | number> = {};
  const reasons: Record<string, Reason> = {};
  for (const [name, value] of Object.entries<ReasonParam | undefined>(params ?? {})) {
    if (value === undefined) continue;
    plain[name] = isReason(value) ? reasonText(value) : value;
    if (isReason(value)) reasons[name] = value;
  }
  const texts = { message: fillText(message, plain), hint: fillText(hint, plain) };
  return { code, ...texts, params: plain, ...(Object.keys(reasons).length > 0 && { reasons }) };
}

/** The result of an operation that may fail in an expected way. */
export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };
export const ok = <T>(value: T): Outcome<T> => ({ ok: true, value });
export const failed = <C extends FaultCode>(code: C, params?: ParamsFor<C>): Outcome<never> => ({
  ok: false,
  fault: fault(code, params),
});

/** A whole fault as the reason of another. */
export const faultReason = ({ code, message, params, reasons }: Fault): Reason => ({
  code: 'fault',
  params: { ...params, ...reasons, fault: code, message: message.replace(/\.$/u, '') },
});

/** The reason within a fault, to be used as the reason of another; the whole fault when it has none. */
export function whyOf(why: Fault): Reason {
  const own = why.params['reason'];
  // A stored fault from before reasons were data has only its text.
  return why.reasons?.['reason'] ?? (own === undefined ? faultReason(why) : detail(String(own)));
}
