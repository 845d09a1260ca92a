import { z } from 'zod';
import { fillText } from './fill-text.ts';
import { reasonTable } from './reason-table.ts';

export { reasonTable };
export type ReasonCode = keyof typeof reasonTable;
export const reasonCodes = Object.keys(reasonTable) as [ReasonCode, ...ReasonCode[]];

/** Why something failed, as plain data: a row of the table and what fills its blanks, which may be a reason again. */
export type Reason = { readonly code: ReasonCode; readonly params: Readonly<Record<string, ReasonParam>> };
export type ReasonParam = string | number | Reason;

export const Reason: z.ZodType<Reason> = z.lazy(() =>
  z.strictObject({
    code: z.enum(reasonCodes),
    params: z.record(z.string(), z.union([z.string(), z.number(), Reason])),
  }),
);

/** Names of the blanks of a text. */
type Blanks<T extends string> = T extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Blanks<Rest>
  : never;
type ParamsFor<C extends ReasonCode> = [Blanks<(typeof reasonTable)[C]>] extends [never]
  ? readonly []
  : readonly [params: Readonly<Record<Blanks<(typeof reasonTable)[C]>, ReasonParam>>];

/** Reasons that have no blanks. */
export type PlainReason = {
  [C in ReasonCode]: [Blanks<(typeof reasonTable)[C]>] extends [never] ? C : never;
}[ReasonCode];

/** A reason of the table; every blank of its text is given. */
export const reason = <C extends ReasonCode>(code: C, ...[params]: ParamsFor<C>): Reason => ({
  code,
  params: params ?? {},
});

/** Text that no literal of this program holds: what another program or a person said. A literal does not compile. */
type Foreign<T extends string> = string extends T ? T : never;

/**
 * What somebody else says: the operating system, ONNX Runtime, a decoder, a library, a publisher. It is shown as what it
 * is, in its own language. A sentence of Outpost's own is a row of the table.
 */
export const detail = <T extends string>(text: Foreign<T>): Reason => ({ code: 'detail', params: { text } });

/** An error of the operating system by its code (`EACCES`), for which the window has words; else by its message. */
export function systemReason(error: unknown): Reason {
  const { code, message } = error as NodeError;
  return typeof code === 'string' ? { code: 'system', params: { code } } : detail(message ?? String(error));
}
type NodeError = { readonly code?: unknown; readonly message?: string };

/** Words for the command line, HTTP and publishers alone, which speak English; the rooms with a window may not use it. */
export const clientReason = (text: string): Reason => ({ code: 'client', params: { text } });

/** Why bytes are no text: the encoding is not known or does not fit them, or a byte of a line (from 1) is no UTF-8. */
export type NoText =
  | { readonly kind: 'encoding-unknown' | 'encoding-other'; readonly encoding: string }
  | { readonly kind: 'not-utf8-line'; readonly byte: string; readonly line: number };

export const noTextReason = (why: NoText): Reason =>
  why.kind === 'not-utf8-line'
    ? reason('not-utf8-line', { byte: why.byte, line: why.line })
    : reason(why.kind, { encoding: why.encoding });

/** The clause of a place in a file, as in `files.2.sha256: Invalid string`. */
export const reasonAt = (place: string, what: Reason): Reason => reason('at', { place, what });

/** Several as one, in their order; there is at least one. */
export const allOf = ([first, ...rest]: readonly [Reason, ...Reason[]]): Reason =>
  rest.reduce((before, next) => reason('both', { first: before, second: next }), first);

/** The English sentence of a reason, for the command line, HTTP and logs. */
export function reasonText({ code, params }: Reason): string {
  const texts = Object.entries(params).map(([name, value]) => [name, plain(code, value)] as const);
  return fillText(reasonTable[code], Object.fromEntries(texts));
}

export const isReason = (value: unknown): value is Reason => typeof value === 'object' && value !== null;

function plain(code: ReasonCode, value: ReasonParam): string | number {
  if (isReason(value)) return reasonText(value);
  // The size of a file that breaks off is read by people; elsewhere numbers stand as programs write them.
  return code === 'cut-off' && typeof value === 'number' ? value.toLocaleString('en') : value;
}
