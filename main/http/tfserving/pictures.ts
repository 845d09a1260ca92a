import type { ServedVersion } from '../../../contract/serving/serving.ts';
import type { Result } from '../../../contract/tasks/index.ts';
import { answerPictures } from '../server/index.ts';
import { pictureTask } from '../tensors/index.ts';
import type { RequestScope } from './served-models.ts';
import { faulted, read } from './refusal.ts';
import type { Read } from './refusal.ts';

/** Most labels of a picture that are answered. */
const mostLabels = 20;

/** Most entries (labels, boxes) of a picture that are answered. */
export const mostEntries = (served: ServedVersion): number =>
  pictureTask(served)?.tensorFlow?.top ?? mostLabels;

/** The result of each encoded picture; one that fails ends the whole request. */
export async function inferPictures(
  { context, served, signal }: RequestScope,
  pictures: readonly Uint8Array[],
): Promise<Read<readonly Result[]>> {
  const answers = await answerPictures(
    context.serving,
    pictures.map((bytes, at) => ({ bytes, name: `image ${at}` })),
    {
      served,
      client: 'http',
      signal,
      deadlineMs: context.limits.timeoutMs,
      top: mostEntries(served),
      isAllOrNothing: true,
    },
  );
  if (!answers.ok) return faulted(answers.fault);
  return read(answers.value.flatMap((answer) => (answer.ok ? [answer.value.result] : [])));
}
