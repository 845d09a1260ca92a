import type { ElementType } from '../../../contract/tensor.ts';
import { echo, kindWord } from './echo.ts';
import { read, refused } from './refusal.ts';
import type { Read } from './refusal.ts';
import type { Json } from './tree.ts';
import { stringAt } from './tree.ts';

/** The bytes of a string value or of `{"b64": …}`. */
export function stringBytes(body: Buffer, value: Json): Read<Buffer> {
  if (value.kind === 'string') {
    return read(
      value.isEscaped ? Buffer.from(stringAt(body, value)) : body.subarray(value.start + 1, value.end - 1),
    );
  }
  if (value.kind !== 'object') return typeError(body, value, 'string');
  const text = base64Of(body, value);
  if (text === null) {
    return refused(`JSON Value: ${echo(body, value)} not formatted correctly for base64 data`);
  }
  const bytes = fromBase64(text);
  return bytes === null ? refused('Unable to base64 decode') : read(bytes);
}

/** `{"b64": "…"}` and nothing besides. */
export function isBase64(value: Json): boolean {
  if (value.kind !== 'object' || value.members.length !== 1) return false;
  const [name, inner] = value.members[0]!;
  return name === 'b64' && inner.kind === 'string';
}

export function typeError(body: Buffer, value: Json, type: ElementType): Read<never> {
  const named = `JSON Value: ${echo(body, value)} Type: ${kindWord(value)}`;
  return refused(`${named} is not of expected type: ${typeWord(type)}`);
}

/** TensorFlow's short name of an element type. */
export function typeWord(type: ElementType): string {
  return typeWords[type] ?? type;
}

export function numberAt(body: Buffer, { start, end }: Json): number {
  const text = body.toString('latin1', start, end);
  return text === '-NaN' ? NaN : Number(text);
}

function base64Of(body: Buffer, value: Json & { kind: 'object' }): string | null {
  const inner = isBase64(value) ? value.members[0]?.[1] : undefined;
  if (inner?.kind !== 'string') return null;
  return inner.isEscaped ? stringAt(body, inner) : body.toString('latin1', inner.start + 1, inner.end - 1);
}

/** Null for what is not base64; Node's own decoder skips what it does not know. Padding may be left out. */
function fromBase64(text: string): Buffer | null {
  const decoded = decode64(text);
  return decoded ?? (/\s/u.test(text) ? decode64(text.replace(/\s+/gu, '')) : null);
}

function decode64(text: string): Buffer | null {
  const bare = text.endsWith('==') ? text.length - 2 : text.endsWith('=') ? text.length - 1 : text.length;
  if (bare % 4 === 1 || (bare < text.length && text.length % 4 !== 0)) return null;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === Math.floor((bare * 3) / 4) ? bytes : null;
}

/** TensorFlow's short names, where they are not ONNX's. */
const typeWords: Readonly<Partial<Record<ElementType, string>>> = {
  float16: 'half',
  float32: 'float',
  float64: 'double',
};
