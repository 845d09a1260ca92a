import { z } from 'zod';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { clientReason } from '../../../contract/faults/reasons.ts';
import type { TensorJson } from '../../../contract/tasks/tensor.ts';
import { ElementType } from '../../../contract/tensors/tensor.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';
import { decodeElements, encodeElements } from './elements.ts';
import { elementCount } from '../../../contract/tensors/tensor-codec.ts';

/*
 *   { "a": { "type": "float32", "dims": [2, 3], "data": [1, 2, 3, 4, 5, 6] }, … }
 *
 * or the same as a list: { "inputs": [{ "name": "a", "type": …, "dims": …, "data": … }, …] }. `data` is row-major, flat
 * or nested. Whole numbers of any size are taken without loss, bare or as strings; NaN and the infinities are strings,
 * since JSON has no such numbers.
 */
const tensor = {
  type: ElementType,
  dims: z.array(z.number().int().min(0)).max(32),
  data: z.array(z.unknown()),
};
const ByName = z.record(z.string().min(1), z.strictObject(tensor));
const AsList = z.strictObject({ inputs: z.array(z.strictObject({ name: z.string().min(1), ...tensor })) });

export function readTensors(text: string): Outcome<readonly TensorBytes[]> {
  const json = parseExact(text);
  return json.ok ? tensorsIn(json.value) : json;
}

/** The same of JSON that is parsed already. */
export function tensorsIn(json: unknown): Outcome<readonly TensorBytes[]> {
  const parsed = parse(json);
  if (!parsed.ok) return parsed;
  const tensors: TensorBytes[] = [];
  for (const { name, type, dims, data } of parsed.value) {
    const elements: readonly unknown[] = data.some(Array.isArray) ? data.flat(Infinity) : data;
    const wanted = elementCount(dims);
    if (elements.length !== wanted)
      return failed('input-invalid', {
        name,
        reason: clientReason(
          `dims [${dims.join(', ')}] take ${wanted} elements, data has ${elements.length}`,
        ),
      });
    const bytes = encodeElements(type, elements);
    if (!bytes.ok) return failed('input-invalid', { name, reason: clientReason(bytes.reason) });
    tensors.push({ name, type, dims, data: bytes.data });
  }
  return ok(tensors);
}

/** As `readTensors` takes them; whole numbers beyond 2^53 and what is not a number are strings. */
export function printTensors(tensors: readonly TensorBytes[]): Readonly<Record<string, TensorJson>> {
  return Object.fromEntries(
    tensors.map((tensor) => [
      tensor.name,
      { type: tensor.type, dims: tensor.dims, data: decodeElements(tensor) },
    ]),
  );
}

type Named = {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: readonly unknown[];
};

function parse(json: unknown): Outcome<readonly Named[]> {
  const isList =
    typeof json === 'object' && json !== null && Array.isArray((json as { inputs?: unknown }).inputs);
  if (isList) {
    const parsed = AsList.safeParse(json);
    return parsed.success ? ok(parsed.data.inputs) : misfit(parsed.error);
  }
  const parsed = ByName.safeParse(json);
  return parsed.success
    ? ok(Object.entries(parsed.data).map(([name, rest]) => ({ name, ...rest })))
    : misfit(parsed.error);
}

function misfit({ issues }: z.ZodError): Outcome<never> {
  const { path = [], message = 'not as expected' } = issues[0] ?? {};
  const [name = 'file', ...rest] = path[0] === 'inputs' ? path.slice(1) : path;
  return failed('input-invalid', {
    name: String(name),
    reason: clientReason(rest.length > 0 ? `${rest.join('.')}: ${message}` : message),
  });
}

/** As JSON.parse, but long whole numbers are strings. */
export function parseExact(text: string): Outcome<unknown> {
  try {
    return ok(JSON.parse(markLongIntegers(text)) as unknown);
  } catch (error) {
    return failed('input-invalid', {
      name: 'file',
      reason: clientReason(`it is not JSON (${(error as Error).message})`),
    });
  }
}

/** JSON.parse would round a whole number of more than 15 digits: such a number becomes a string before it is parsed. */
function markLongIntegers(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/gu, (token) =>
    /^-?\d{16,}$/u.test(token) ? `"${token}"` : token,
  );
}
