import { z } from 'zod';
import { faultTable } from './fault-table.ts';

export { faultTable };
export type FaultCode = keyof typeof faultTable;
export const faultCodes = Object.keys(faultTable) as [FaultCode, ...FaultCode[]];

/** A failure as plain data: it crosses every border unchanged. `params` fill the texts, also in other languages. */
export const Fault = z.strictObject({
  code: z.enum(faultCodes),
  message: z.string(),
  hint: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Fault = z.infer<typeof Fault>;
export type FaultParams = Readonly<Record<string, string | number>>;

/** The fault of this code, with its texts filled in. */
export function fault(code: FaultCode, params: FaultParams = {}): Fault {
  const { message, hint } = faultTable[code];
  return { code, message: fill(message, params), hint: fill(hint, params), params: { ...params } };
}

/** What an operation that is expected to fail now and then gives back. */
export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };
export const ok = <T>(value: T): Outcome<T> => ({ ok: true, value });
export const failed = (code: FaultCode, params: FaultParams = {}): Outcome<never> => ({
  ok: false,
  fault: fault(code, params),
});

function fill(text: string, params: FaultParams): string {
  return text.replace(/\{(\w+)\}/gu, (whole, name: string) => String(params[name] ?? whole));
}
