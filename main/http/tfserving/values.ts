import { isFloatType, numbersOf } from '../../../contract/tensor-codec.ts';
import type { TensorBytes } from '../../../contract/tensor.ts';
import { isText } from '../tensors/elements.ts';
import { stringsOf, textsOf } from '../../lib/length-prefixed.ts';
import { read, refused } from './refusal.ts';
import type { Read } from './refusal.ts';

/** The values of a label output as texts. */
export function labelTexts({ type, data }: TensorBytes): readonly string[] {
  if (type === 'string') return textsOf(data);
  return isFloatType(type) ? [] : numbersOf({ type, data }).map(String);
}

/** Refuses strings that would come back as others. */
export function textOnly(tensors: readonly TensorBytes[]): Read<void> {
  for (const tensor of tensors) {
    if (tensor.type !== 'string') continue;
    const at = stringsOf(tensor.data).findIndex((one) => !isText(one));
    if (at < 0) continue;
    return refused(
      `Input ${tensor.name}: element ${at} is not UTF-8 text without NUL, which is all that this model takes`,
    );
  }
  return read(undefined);
}
