import { z } from 'zod';
import { fillText } from './fill-text.ts';
import { reasonTable } from './reason-table.ts';

export { reasonTable };
type ReasonCode = keyof typeof reasonTable;
export const reasonCodes = Object.keys(reasonTable) as [ReasonCode, ...ReasonCode[]];

/** Why something failed, as plain data: a code of the table and the params of its text, which may be reasons again. */
export type Reason = { readonly code: ReasonCode; readonly params: Readonly<Record<string, ReasonParam>> };
export type ReasonParam = string | number | Reason;

export const Reason: z.ZodType<Reason> = z.lazy(() =>
  z.strictObject({
    code: z.enum(reasonCodes),
    params: z.record(z.string(), z.union([z.string(), z.number(), Reason])),
  }),
);

/** Names of the placeholders in a text. */
type Blanks<T extends string> = T extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Blanks<Rest>
  : never;
type ParamsFor<C extends ReasonCode> = [Blanks<(typeof reasonTable)[C]>] extends [never]
  ? readonly []
  : readonly [params: Readonly<Record<Blanks<(typeof reasonTable)[C]>, ReasonParam>>];

/** Reasons without placeholders. */
export type PlainReason = {
  [C in ReasonCode]: [Blanks<(typeof reasonTable)[C]>] extends [never] ? C : never;
}[ReasonCode];

/** Creates a reason of the table; all placeholders of its text must be given. */
export const reason = <C extends ReasonCode>(code: C, ...[params]: ParamsFor<C>): Reason => ({
  code,
  params: params ?? {},
});

/** Rejects string literals at compile time: only text from another program or a person is accepted. */
type Foreign<T extends string> = string extends T ? T : never;

/**
 * Text from elsewhere: the operating system, ONNX Runtime, a decoder, a library, a publisher. It is shown untranslated.
 * Outpost's own sentences must be rows of the table.
 */
export const detail = <T extends string>(text: Foreign<T>): Reason => ({ code: 'detail', params: { text } });

/** An operating system error by its code (`EACCES`), which the window translates; else by its message. */
export function systemReason(error: unknown): Reason {
  const { code, message } = error as NodeError;
  return typeof code === 'string' ? { code: 'system', params: { code } } : detail(message ?? String(error));
}
type NodeError = { readonly code?: unknown; readonly message?: string };

/** English text for the command line, HTTP and publishers only; must not be used where the window shows it. */
export const clientReason = (text: string): Reason => ({ code: 'client', params: { text } });

/**
 * Why bytes could not be decoded: the encoding is unknown or does not match, or a byte in a line (from 1) is not UTF-8.
 */
export type NoText =
  | { readonly kind: 'encoding-unknown' | 'encoding-other'; readonly encoding: string }
  | { readonly kind: 'not-utf8-line'; readonly byte: string; readonly line: number };

export const noTextReason = (why: NoText): Reason =>
  why.kind === 'not-utf8-line'
    ? reason('not-utf8-line', { byte: why.byte, line: why.line })
    : reason(why.kind, { encoding: why.encoding });

/** A reason with its place in a file, such as `files.2.sha256: Invalid string`. */
export const reasonAt = (place: string, what: Reason): Reason => reason('at', { place, what });

/** Combines one or more reasons, in order. */
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
  // Only the size of a truncated file gets thousands separators; other numbers are plain.
  return code === 'cut-off' && typeof value === 'number' ? value.toLocaleString('en') : value;
}
