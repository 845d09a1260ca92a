import { itemTaskOf } from '../../../contract/tasks/index.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';
import type { ServedVersion } from '../../../contract/serving/serving.ts';
import type { InferRequest } from '../../serving/index.ts';
import type { HttpContext } from '../server/index.ts';
import { pictureTask, tensorBytes } from '../tensors/index.ts';
import { bytesOf, ownCopies } from '../server/index.ts';
import type { RequestScope } from './served-models.ts';
import { stringsOf } from '../../lib/length-prefixed.ts';
import { inferPictures, mostEntries } from './pictures.ts';
import type { TfsRequest } from './read-request.ts';
import { faulted, read, refused } from './refusal.ts';
import type { Read } from './refusal.ts';
import { resultsText } from './write-answer.ts';
import type { TfsWriting } from './write-answer.ts';

/** The JSON of the answer to a request. Large ones are written on another thread. */
export async function answerRequest(
  scope: RequestScope,
  request: TfsRequest,
): Promise<Read<string | Uint8Array>> {
  if (request.kind === 'classify-pictures') {
    const results = await inferPictures(scope, request.pictures);
    if (!results.ok) return results;
    const ranked = results.value.map((one) => itemTaskOf(one.task).ranked?.(one) ?? []);
    const pairs = ranked.map((one) => one.map(({ label, score }) => [label, score] as const));
    return read(Buffer.from(resultsText(pairs)));
  }
  const { served } = scope;
  if (request.kind === 'predict' && request.arePictures) {
    const tensors = await predictPictures(scope, request.tensors);
    return tensors.ok
      ? write(scope, { kind: 'predict', served, format: request.format, tensors: tensors.value })
      : tensors;
  }
  const answer = await infer(scope, request.tensors);
  if (!answer.ok) return answer;
  const tensors = answer.value;
  switch (request.kind) {
    case 'predict':
      return write(scope, { kind: 'predict', served, format: request.format, tensors });
    case 'regress':
      return write(scope, { kind: 'regress', served, rows: request.rows, tensors });
    case 'classify': {
      const names = served.labelCount > 0 ? await scope.context.serving.labels(served) : [];
      return write(scope, { kind: 'classify', served, rows: request.rows, names, tensors });
    }
  }
}

async function write(
  { context, signal, share }: RequestScope,
  answer: TfsWriting,
): Promise<Read<string | Uint8Array>> {
  const bytes = bytesOf(answer.tensors);
  const tensors = await ownCopies(answer.tensors, share);
  return context.threads.perform('writeTfs', { ...answer, tensors }, { bytes, signal, share });
}

async function predictPictures(
  scope: RequestScope,
  tensors: readonly TensorBytes[],
): Promise<Read<readonly TensorBytes[]>> {
  const [images] = tensors;
  const pictures = stringsOf(images!.data);
  if (images!.dims.length !== 1 || pictures.length === 0) {
    return refused(`Input image has to be a list of encoded files; got shape [${images!.dims.join(',')}]`);
  }
  const results = await inferPictures(scope, pictures);
  const task = pictureTask(scope.served);
  if (!results.ok || !task) return results.ok ? read([]) : results;
  return read((task.tensorFlow ?? task).tensors(results.value, mostEntries(scope.served)).map(tensorBytes));
}

async function infer(
  scope: RequestScope,
  tensors: readonly TensorBytes[],
): Promise<Read<readonly TensorBytes[]>> {
  const { context, served, signal, result } = scope;
  if (result) return read(result.tensors);
  const outcome = await context.serving.infer({ ...inferRequest(context, served, tensors), signal });
  return outcome.ok ? read(outcome.value.tensors) : faulted(outcome.fault);
}

export const inferRequest = (
  { limits }: HttpContext,
  served: ServedVersion,
  tensors: readonly TensorBytes[],
): InferRequest => ({ served, client: 'http', tensors, deadlineMs: limits.timeoutMs });
