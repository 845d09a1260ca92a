import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { clientReason, reason } from '../../../contract/faults/reasons.ts';
import type { ServedVersion } from '../../../contract/serving/serving.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';
import type { Serving } from '../../serving/index.ts';
import { stringsOf } from '../../lib/length-prefixed.ts';
import { answerPictures, tooManyPictures } from '../server/index.ts';
import type { PictureOptions } from '../server/index.ts';
import { imageInput, pictureTask, tensorBytes } from '../tensors/index.ts';

/** Whether these inputs are pictures in their files. */
export function isPictures(served: ServedVersion, names: readonly string[]): boolean {
  return (
    pictureTask(served) !== null &&
    names.includes(imageInput.name) &&
    !served.inputs.some(({ name }) => name === imageInput.name)
  );
}

/**
 * Answers pictures in their files with the tensors that the task makes of its results. `k` null is a fair number of entries.
 * Faults: `input-invalid`, `task-mismatch`, and those of a picture.
 */
export async function inferPictures(
  serving: Serving,
  request: Omit<PictureOptions, 'top' | 'isAllOrNothing'>,
  asked: { readonly image: TensorBytes; readonly k: number | null; readonly outputs?: readonly string[] },
): Promise<Outcome<readonly TensorBytes[]>> {
  const task = pictureTask(request.served);
  if (!task)
    return failed('task-mismatch', {
      model: request.served.id,
      task: request.served.task,
      input: reason('photos'),
    });
  const known = task.outputs.map(({ name }) => name);
  const names = asked.outputs ?? known;
  const stray = names.find((name) => !known.includes(name));
  if (stray !== undefined)
    return failed('input-invalid', {
      name: stray,
      reason: clientReason(`for ${imageInput.name} there is ${known.join(', ')}`),
    });
  const top = task.entries(asked.k, request.served.labelCount);
  if (typeof top === 'string') return failed('request-malformed', { what: 'parameter k', reason: top });
  const many = tooManyPictures(asked.image.dims[0] ?? 0);
  if (many) return many;
  const pictures = stringsOf(asked.image.data).map((bytes, at) => ({
    bytes,
    name: `${imageInput.name}[${at}]`,
  }));
  const answers = await answerPictures(serving, pictures, { ...request, top, isAllOrNothing: true });
  if (!answers.ok) return answers;
  const results = answers.value.flatMap((answer) => (answer.ok ? [answer.value.result] : []));
  const tensors = task.tensors(results, top);
  return ok(
    names.flatMap((name) =>
      tensors
        .filter((tensor) => tensor.name === name)
        .slice(0, 1)
        .map(tensorBytes),
    ),
  );
}
