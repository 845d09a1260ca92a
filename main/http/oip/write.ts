import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { ServedVersion } from '../../../contract/serving/serving.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';
import type { Share, TextThreads } from '../server/index.ts';
import { datatypeOf } from '../../../contract/tensors/datatypes.ts';
import { bytesOf, ownCopies } from '../server/index.ts';
import { tensorPieces } from '../tensors/index.ts';
import type { TensorPieces } from '../tensors/index.ts';

type InferReply = {
  readonly id: string | null;
  readonly served: ServedVersion;
  readonly tensors: readonly TensorBytes[];
  readonly isBinary: (output: string) => boolean;
};
/** The JSON in pieces and, when any output is binary, the bytes behind it: views, in the order of the outputs. */
export type InferResponse = {
  readonly json: readonly (string | Uint8Array)[];
  readonly blobs: readonly Uint8Array[] | null;
};
export type Writing = {
  readonly threads: TextThreads;
  readonly signal: AbortSignal;
  readonly share: Share;
};

/** An inference response. Fault `request-malformed` where an output has no JSON form: BYTES that are not text. */
export async function writeAnswer(
  reply: InferReply,
  { threads, ...given }: Writing,
): Promise<Outcome<InferResponse>> {
  const own = await ownCopies(writtenAsText(reply), given.share);
  const texts = await threads.perform('writeTensors', own, { ...given, bytes: bytesOf(own) });
  return joined(reply, texts);
}

/** The same of a small answer, within this call. */
export const writeSmallAnswer = (reply: InferReply): Outcome<InferResponse> =>
  joined(reply, writtenAsText(reply).map(tensorPieces));

const writtenAsText = ({ tensors, isBinary }: InferReply): readonly TensorBytes[] =>
  tensors.filter(({ name }) => !isBinary(name));

/** `texts`: of the tensors that are not binary, in their order. */
function joined(
  { id, served, tensors, isBinary }: InferReply,
  texts: readonly TensorPieces[],
): Outcome<InferResponse> {
  const echo = id === null ? '' : `"id":${JSON.stringify(id)},`;
  const whose = `"model_name":${JSON.stringify(served.id)},"model_version":${JSON.stringify(served.shownVersion)}`;
  const json: (string | Uint8Array)[] = [`{${echo}${whose},"outputs":[`];
  let next = 0;
  const blobs: Uint8Array[] = [];
  let isAnyBinary = false;
  for (const [at, { name, type, dims, data }] of tensors.entries()) {
    if (at > 0) json.push(',');
    const head = `"name":${JSON.stringify(name)},"datatype":"${datatypeOf(type)}","shape":[${dims.join(',')}]`;
    if (isBinary(name)) {
      isAnyBinary = true;
      blobs.push(data);
      json.push(`{${head},"parameters":{"binary_data_size":${data.byteLength}}}`);
      continue;
    }
    const written = texts[next++]!;
    if (!written.ok)
      return failed('request-malformed', {
        what: `output ${name}`,
        reason: `${written.reason}; ask for it with binary_data true`,
      });
    json.push(`{${head},"data":`, ...written.pieces, '}');
  }
  json.push(']}');
  return ok({ json, blobs: isAnyBinary ? blobs : null });
}
