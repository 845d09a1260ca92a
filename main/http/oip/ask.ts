import { fault, ok } from '../../../contract/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults.ts';
import type { ServedVersion } from '../../../contract/serving.ts';
import type { TensorBytes } from '../../../contract/tensor.ts';
import type { HttpContext } from '../server/index.ts';
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
  readonly signal: AbortSignal;
};

/** The outputs that were asked for, in that order. Faults: `input-invalid`, `request-malformed`, and those of the engine. */
export async function ask(
  context: HttpContext,
  { served, message, tail, options, signal }: Question,
): Promise<Outcome<readonly TensorBytes[]>> {
  const { serving, limits } = context;
  const names = message.inputs.map(({ name }) => name);
  const arePictures = isPictures(served, names);
  const tensors = tensorsOf({ message, tail }, arePictures ? [imageInput] : served.inputs, {
    maxElements: limits.maxElements,
    areFiles: arePictures,
  });
  const refused = (why: Fault): Outcome<never> => {
    serving.refused(served, 'http', why);
    return { ok: false, fault: why };
  };
  if (!tensors.ok) return refused(tensors.fault);
  const how = {
    served,
    client: 'http',
    deadlineMs: Math.min(options.timeoutMs ?? Infinity, limits.timeoutMs),
    signal,
    ...(options.priority && { priority: options.priority }),
  } as const;
  const outputs = options.outputs.length > 0 ? { outputs: options.outputs } : {};
  const [image] = tensors.value;
  if (arePictures && image) {
    const unknown = unknownOutput(
      options.outputs,
      pictureTask(served)?.outputs.map(({ name }) => name) ?? [],
    );
    if (unknown) return refused(unknown);
    return inferPictures(serving, how, { image, k: options.k, ...outputs });
  }
  const graph = served.outputs.map(({ name }) => name);
  const unknown = unknownOutput(options.outputs, graph);
  if (unknown) return refused(unknown);
  const answer = await serving.infer({ ...how, tensors: tensors.value, ...outputs });
  if (!answer.ok) return answer;
  const order = options.outputs.length > 0 ? options.outputs : graph;
  const sorted = order.flatMap((name) => answer.value.tensors.find((tensor) => tensor.name === name) ?? []);
  if (options.classes.size === 0) return ok(sorted);
  return classified(sorted, options.classes, await serving.labels(served));
}

function unknownOutput(asked: readonly string[], known: readonly string[]): Fault | null {
  const unknown = asked.find((name) => !known.includes(name));
  return unknown === undefined
    ? null
    : fault('request-malformed', {
        what: `output ${unknown.slice(0, 80)}`,
        reason: `there is ${known.join(', ')}`,
      });
}
