import { datatypeOf } from '../../../contract/tensors/datatypes.ts';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { ServedVersion } from '../../../contract/serving/serving.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';
import type { Caller, ServingContext } from '../server/index.ts';
import { imageInput } from '../tensors/index.ts';
import { classified, findAllowed, inferPictures, isPictures } from '../oip/index.ts';
import { contentsOf } from './contents.ts';
import { mostTypedNumbers } from './message-cost.ts';
import { readInputs } from './inputs.ts';
import type { ModelInferRequest, ModelInferResponse } from './messages.ts';
import { classifications, readInferOptions } from './parameters.ts';
import type { InferOptions } from './parameters.ts';
import { elementCount } from '../../../contract/tensors/tensor-codec.ts';

/** Who asks, until when (milliseconds from now, Infinity without an end), and whether still. */
export type Asker = {
  readonly caller: Caller;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
};

/**
 * Answers one ModelInfer. Raw contents are answered raw, typed ones in the field of their datatype unless an output has
 * none (FP16, BF16), or the answer is too large to be written number by number.
 */
export async function infer(
  context: ServingContext,
  message: ModelInferRequest,
  asker: Asker,
): Promise<Outcome<ModelInferResponse>> {
  const found = findAllowed(context, asker.caller, {
    name: message.model_name,
    version: message.model_version,
  });
  if (!found.ok) return found;
  const served = found.value;
  const options = readInferOptions(message.parameters);
  if (!options.ok) {
    context.serving.refused(served, 'grpc', options.fault);
    return options;
  }
  const deadlineMs = Math.min(
    asker.deadlineMs,
    options.value.timeoutMs ?? Infinity,
    context.limits.timeoutMs,
  );
  if (deadlineMs <= 0) return failed('deadline-exceeded', { seconds: 0 });
  const begun = performance.now();
  const answer = await ask(context, {
    message,
    asker: { ...asker, deadlineMs },
    served,
    options: options.value,
  });
  if (!answer.ok) return answer;
  // What took less than a tick of the engine's clock is late all the same.
  if (performance.now() - begun > deadlineMs)
    return failed('deadline-exceeded', { seconds: deadlineMs / 1000 });
  return ok(responseOf(message, served, answer.value));
}

type Question = {
  readonly message: ModelInferRequest;
  readonly asker: Asker;
  readonly served: ServedVersion;
  readonly options: InferOptions;
};

async function ask(
  { serving, limits }: ServingContext,
  { message, asker, served, options }: Question,
): Promise<Outcome<readonly TensorBytes[]>> {
  const { priority, k } = options;
  const how = {
    served,
    client: 'grpc',
    deadlineMs: asker.deadlineMs,
    signal: asker.signal,
    ...(priority && { priority }),
  } as const;
  const named = message.outputs.map(({ name }) => name);
  const outputs = named.length > 0 ? { outputs: named } : {};
  const arePictures = isPictures(
    served,
    message.inputs.map(({ name }) => name),
  );
  const tensors = readInputs(message, arePictures ? [imageInput] : served.inputs, {
    ...limits,
    areFiles: arePictures,
  });
  if (!tensors.ok) {
    serving.refused(served, 'grpc', tensors.fault);
    return tensors;
  }
  const [image] = tensors.value;
  if (arePictures && image) return inferPictures(serving, how, { image, k, ...outputs });
  const wanted = classifications(message.outputs);
  if (!wanted.ok) return wanted;
  const answer = await serving.infer({ ...how, tensors: tensors.value, ...outputs });
  if (!answer.ok) return answer;
  if (wanted.value.size === 0) return ok(answer.value.tensors);
  return classified(answer.value.tensors, wanted.value, await serving.labels(served));
}

function responseOf(
  message: ModelInferRequest,
  served: ServedVersion,
  tensors: readonly TensorBytes[],
): ModelInferResponse {
  const head = { model_name: served.id, model_version: served.shownVersion, id: message.id };
  const outputs = tensors.map(({ name, type, dims }) => ({ name, datatype: datatypeOf(type), shape: dims }));
  const numbers = tensors.reduce((sum, { dims }) => sum + elementCount(dims), 0);
  if (message.raw_input_contents.length === 0 && numbers <= mostTypedNumbers) {
    const contents = tensors.map(contentsOf);
    if (!contents.includes(null))
      return { ...head, outputs: outputs.map((output, at) => ({ ...output, contents: contents[at] ?? {} })) };
  }
  return { ...head, outputs, raw_output_contents: tensors.map(({ data }) => data) };
}
