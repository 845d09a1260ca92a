import { fault, ok } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import type { ServedVersion } from '../../../contract/serving/serving.ts';
import { pickTensors } from '../../../contract/tensors/tensor.ts';
import type { TensorBytes, TensorSpec } from '../../../contract/tensors/tensor.ts';
import type { InferRequest, InferResult } from '../../serving/index.ts';
import type { HttpContext, HttpLimits } from '../server/index.ts';
import { classified } from './classification.ts';
import { imageInput, pictureTask } from '../tensors/index.ts';
import { inferPictures, isPictures } from './picture.ts';
import type { InferMessage } from './message.ts';
import { tensorsOf } from './read.ts';
import type { InferOptions } from './infer-options.ts';

export type Question = {
  readonly served: ServedVersion;
  readonly message: InferMessage;
  /** The bytes behind the JSON. */
  readonly tail: Buffer;
  readonly options: InferOptions;
  readonly signal?: AbortSignal;
  /** What the model gave, where it ran already. */
  readonly result?: InferResult | null;
};
/** An inference of the graph itself, or of pictures for its task. */
type CheckedQuestion = { readonly request: InferRequest; readonly arePictures: boolean };

/** Names, datatypes, shapes and sizes of inputs, and names of outputs. Faults: `input-invalid`, `request-malformed`. */
export function checkQuestion(
  { served, message, tail, options, signal }: Question,
  limits: HttpLimits,
): Outcome<CheckedQuestion> {
  const names = message.inputs.map(({ name }) => name);
  const arePictures = isPictures(served, names);
  const tensors = tensorsOf({ message, tail }, arePictures ? [imageInput] : served.inputs, {
    maxElements: limits.maxElements,
    areFiles: arePictures,
  });
  if (!tensors.ok) return tensors;
  const given = arePictures ? (pictureTask(served)?.outputs ?? []) : served.outputs;
  const unknown = unknownOutput(options.outputs, given);
  if (unknown) return { ok: false, fault: unknown };
  return ok({
    arePictures,
    request: {
      served,
      client: 'http',
      tensors: tensors.value,
      deadlineMs: Math.min(options.timeoutMs ?? Infinity, limits.timeoutMs),
      signal,
      priority: options.priority,
      outputs: options.outputs.length > 0 ? options.outputs : undefined,
    },
  });
}

/** The outputs that were asked for, in that order. Faults: `input-invalid`, `request-malformed`, and those of the engine. */
export async function ask(
  { serving, limits }: HttpContext,
  question: Question & { readonly signal: AbortSignal },
): Promise<Outcome<readonly TensorBytes[]>> {
  const { served, options, signal, result } = question;
  const checked = checkQuestion(question, limits);
  if (!checked.ok) {
    serving.refused(served, 'http', checked.fault);
    return checked;
  }
  const { tensors, outputs, ...how } = checked.value.request;
  const [image] = tensors;
  if (checked.value.arePictures && image)
    return inferPictures(serving, { ...how, signal }, { image, k: options.k, ...(outputs && { outputs }) });
  const answer = result ? ok(result) : await serving.infer(checked.value.request);
  if (!answer.ok) return answer;
  const sorted = sortedOutputs(answer.value, question);
  if (options.classes.size === 0) return ok(sorted);
  return classified(sorted, options.classes, await serving.labels(served));
}

/** In the order in which they were asked for, or in that of the graph. */
export function sortedOutputs(
  { tensors }: Pick<InferResult, 'tensors'>,
  { served, options }: Pick<Question, 'served' | 'options'>,
): readonly TensorBytes[] {
  const order = options.outputs.length > 0 ? options.outputs : served.outputs.map(({ name }) => name);
  return pickTensors(tensors, order);
}

function unknownOutput(asked: readonly string[], given: readonly TensorSpec[]): Fault | null {
  const unknown = asked.find((name) => !given.some((output) => output.name === name));
  return unknown === undefined
    ? null
    : fault('request-malformed', {
        what: `output ${unknown.slice(0, 80)}`,
        reason: `there is ${given.map(({ name }) => name).join(', ')}`,
      });
}
