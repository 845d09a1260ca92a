import type { ServedVersion } from '../../../contract/serving/serving.ts';
import type { TensorBytes, TensorSpec } from '../../../contract/tensors/tensor.ts';
import { JsonFault, documentMembers, imageInput, stringAt } from '../tensors/index.ts';
import type { Member } from '../tensors/index.ts';
import { readExamples } from './read-examples.ts';
import { readColumns, readRows } from './read-predict.ts';
import type { PredictFormat } from './read-predict.ts';
import { read, refused } from './refusal.ts';
import type { Read } from './refusal.ts';
import { classifierOf, pictureSignature, signatureFor } from './signatures.ts';
import type { Method } from './signatures.ts';

export type TfsReading = {
  readonly verb: Method;
  readonly served: ServedVersion;
  readonly body: Buffer;
  readonly maxDepth: number;
  readonly maxElements: number;
};
/** What a request asks, with nothing left of its text. */
export type TfsRequest =
  | {
      readonly kind: 'predict';
      readonly arePictures: boolean;
      readonly format: PredictFormat;
      readonly tensors: readonly TensorBytes[];
    }
  | { readonly kind: 'classify-pictures'; readonly pictures: readonly Uint8Array[] }
  | {
      readonly kind: 'classify' | 'regress';
      readonly rows: number;
      readonly tensors: readonly TensorBytes[];
    };

/** Reads a request, here or on a thread. Its refusals name the place in the text. */
export function readTfs(reading: TfsReading): Read<TfsRequest> {
  const { body, served, verb } = reading;
  // Some clients write a byte order mark.
  const text = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;
  try {
    const members = documentMembers(text);
    const signature = signatureFor(served, verb, signatureName(text, members));
    if (!signature.ok) return signature;
    const { maxDepth, maxElements } = reading;
    const request = { text, members, served, maxDepth, maxElements };
    return read(verb === 'predict' ? predict(request, signature.value) : rank(request, verb));
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    return refused(`${error.message} (byte ${error.offset})`);
  }
}

type Request = Omit<TfsReading, 'verb' | 'body'> & {
  readonly text: Buffer;
  readonly members: readonly Member[];
};

/** Of members with one name the first counts. */
const memberOf = (members: readonly Member[], key: string): Member | undefined =>
  members.find((member) => member.key === key);

/** Empty where none is named. */
function signatureName(text: Buffer, members: readonly Member[]): string {
  const member = memberOf(members, 'signature_name');
  if (!member) return '';
  if (text[member.start] !== 0x22) throw new JsonFault("'signature_name' is not a text", member.start);
  return stringAt(text, member);
}

function predict(
  { text, members, maxDepth, maxElements }: Request,
  { name, inputs }: { readonly name: string; readonly inputs: readonly TensorSpec[] },
): TfsRequest {
  const arePictures = name === pictureSignature;
  const wanted = { inputs, rules: { maxDepth, maxElements, areFiles: arePictures } };
  const rows = memberOf(members, 'instances');
  const columns = memberOf(members, 'inputs');
  if (rows && columns) throw new JsonFault("only one of 'inputs' and 'instances' is taken", columns.start);
  const from = rows ?? columns;
  if (!from) throw new JsonFault("'inputs' or 'instances' is missing", 0);
  const { format, tensors } = (rows ? readRows : readColumns)(text, from.start, wanted);
  return { kind: 'predict', arePictures, format, tensors };
}

function rank({ text, members, served, ...limits }: Request, verb: 'classify' | 'regress'): TfsRequest {
  const examples = memberOf(members, 'examples');
  if (!examples) throw new JsonFault(`'examples' is missing, which ${verb} takes`, 0);
  const arePictures = verb === 'classify' && classifierOf(served)?.kind === 'picture';
  const { rows, columns } = readExamples(text, examples.start, {
    inputs: arePictures ? [imageInput] : served.inputs,
    rules: { ...limits, areFiles: arePictures },
    context: memberOf(members, 'context')?.start ?? null,
  });
  if (arePictures)
    return { kind: 'classify-pictures', pictures: columns.flatMap((column) => column.strings()) };
  return { kind: verb, rows, tensors: columns.map((column) => column.tensor()) };
}
