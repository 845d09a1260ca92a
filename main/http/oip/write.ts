import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import type { ServedVersion } from '../../../contract/serving.ts';
import type { TensorBytes } from '../../../contract/tensor.ts';
import { datatypeOf } from '../datatypes.ts';
import { tensorText } from '../json/write-tensor.ts';

export type Answer = {
  readonly id: string | null;
  readonly served: ServedVersion;
  readonly tensors: readonly TensorBytes[];
  readonly isBinary: (output: string) => boolean;
};
/** The JSON and, when any output is binary, the bytes behind it: views, in the order of the outputs. */
export type WrittenAnswer = { readonly json: string; readonly blobs: readonly Uint8Array[] | null };

/** An inference response. Fault `request-malformed` where an output has no JSON form: BYTES that are not text. */
export function writeAnswer({ id, served, tensors, isBinary }: Answer): Outcome<WrittenAnswer> {
  const outputs: string[] = [];
  const blobs: Uint8Array[] = [];
  let isAnyBinary = false;
  for (const tensor of tensors) {
    const { name, type, dims, data } = tensor;
    const head = `"name":${JSON.stringify(name)},"datatype":"${datatypeOf(type)}","shape":[${dims.join(',')}]`;
    if (isBinary(name)) {
      isAnyBinary = true;
      blobs.push(data);
      outputs.push(`{${head},"parameters":{"binary_data_size":${data.byteLength}}}`);
      continue;
    }
    const written = tensorText(tensor);
    if (!written.ok)
      return failed('request-malformed', {
        what: `output ${name}`,
        reason: `${written.reason}; ask for it with binary_data true`,
      });
    outputs.push(`{${head},"data":${written.text}}`);
  }
  const echo = id === null ? '' : `"id":${JSON.stringify(id)},`;
  const whose = `"model_name":${JSON.stringify(served.id)},"model_version":${JSON.stringify(served.shownVersion)}`;
  return ok({
    json: `{${echo}${whose},"outputs":[${outputs.join(',')}]}`,
    blobs: isAnyBinary ? blobs : null,
  });
}
