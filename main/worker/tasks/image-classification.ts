import type { Tensor } from 'onnxruntime-node';
import { failed, ok, type Outcome } from '../../../contract/faults/faults.ts';
import { detail, reason, type Reason } from '../../../contract/faults/reasons.ts';
import { takesRows } from '../../../contract/packs/input-rows.ts';
import { namedScores, scoredOutput } from '../../../contract/packs/scored-output.ts';
import {
  areIndependent,
  storedScores,
  usualThreshold,
} from '../../../contract/tasks/image-classification.ts';
import type { ClassificationResult } from '../../../contract/tasks/image-classification.ts';
import type { ResultRequest } from '../../../contract/tasks/index.ts';
import { messageOf } from '../../lib/error-text.ts';
import type { Picture } from '../decoder.ts';
import { findPictureInput, firstRow, misfitOfValues, withFeeds } from '../picture-model.ts';
import type { PictureInput } from '../picture-model.ts';
import { runRows, type Rows } from '../run-rows.ts';
import { runStopped } from '../runtime-errors.ts';
import type { Session } from '../session.ts';
import { misfitOfEmbedding, readEmbedding } from './embedding.ts';
import { sigmoid, softmax, topScores } from './softmax.ts';
import type { OpenTask, TaskInput, TaskModel } from './task.ts';

type Opened = TaskModel & { readonly input: PictureInput; readonly output: string };

/** From pixels to ranked labels, by the steps of the manifest. */
export const openImageClassification: OpenTask = (model) => {
  const { session, spec, file } = model;
  const input = findPictureInput(session, spec, file);
  if (!input.ok) return input;
  const output =
    namedScores(spec.postprocessing) ??
    scoredOutput({ ...spec, embedding: spec.embedding ?? undefined })?.name;
  const misfit = (why: Reason): Outcome<never> => failed('onnx-mismatch', { file, reason: why });
  const found = session.outputs.find(({ name }) => name === output);
  if (output === undefined || !found) return misfit(reason('has-no-output', { name: output ?? '' }));
  const why =
    misfitOfValues(found, input.value.rows, 'score-output-type') ??
    (spec.embedding === null ? null : misfitOfEmbedding(model, spec.embedding, input.value.rows));
  if (why) return misfit(why);
  const opened = { ...model, input: input.value, output };
  return ok({
    answer: async (asked, request) => {
      const picture = await asked.picture(spec.preprocessing);
      return picture.ok ? answerPicture(opened, picture.value, { name: asked.name, request }) : picture;
    },
    answerAll: (all, request) => answerAll(opened, all, request),
  });
};

/** As `answer` for each, in as few runs as the graph takes pictures; without feature vectors. */
async function answerAll(
  opened: Opened,
  all: readonly TaskInput[],
  request: ResultRequest,
): Promise<Outcome<readonly ClassificationResult[]>> {
  const { session, spec, output, input } = opened;
  const pictures: Picture[] = [];
  for (const asked of all) {
    const picture = await asked.picture(spec.preprocessing);
    if (!picture.ok) return picture;
    pictures.push(picture.value);
  }
  const ran = await guarded(() =>
    withFeeds(opened, pictures, (feeds) => runRows(session, { feeds, rows: rowsOf(opened) }, [output])),
  );
  if (!ran.ok) return ran;
  const results: ClassificationResult[] = [];
  for (const [at, outputs] of ran.value.entries()) {
    const asked = { name: all[at]!.name, request, picture: pictures[at]!, embedding: null };
    const result = interpret({ ...opened, input: { ...input, rows: 1 } }, outputs, asked);
    if (!result.ok) return result;
    results.push(result.value);
  }
  return ok(results);
}

/** How many pictures a run may hold: the graph says it in its first dimension, where that counts pictures. */
function rowsOf({ session, input, spec }: Opened): Rows {
  const first = session.inputs.find(({ name }) => name === input.name)?.shape[0];
  const isFree = takesRows(spec.preprocessing) && (typeof first === 'string' || first === -1);
  return isFree ? 'free' : input.rows;
}

type Asked = { readonly name: string; readonly request: ResultRequest };

async function answerPicture(
  opened: Opened,
  picture: Picture,
  asked: Asked,
): Promise<Outcome<ClassificationResult>> {
  const { session, spec, output } = opened;
  const embedding = asked.request.embedding ? spec.embedding : null;
  try {
    const wanted = embedding ? [output, embedding] : [output];
    const ran = await guarded(() =>
      withFeeds(opened, [picture], ([feeds]) => session.runRaw(feeds!, wanted)),
    );
    return ran.ok ? interpret(opened, ran.value, { picture, embedding, ...asked }) : ran;
  } catch (error) {
    return failed('internal', { reason: detail(messageOf(error).split('\n')[0]!) });
  }
}

function interpret(
  { spec, file, input, output }: Opened,
  outputs: Awaited<ReturnType<Session['runRaw']>>,
  {
    picture,
    embedding,
    name,
    request,
  }: Asked & { readonly picture: Picture; readonly embedding: string | null },
): Outcome<ClassificationResult> {
  const values = firstRow(outputs[output] as Tensor, input.rows);
  const has = (op: string): boolean => spec.postprocessing.some((step) => step.op === op);
  const scores = has('softmax') ? softmax(values) : has('sigmoid') ? sigmoid(values) : values;
  // A sort of what is no number has no order: the first label would be any.
  if (scores.some(Number.isNaN))
    return failed('onnx-mismatch', { file, reason: reason('scores-nan', { name }) });
  const read = { file, photo: name, rows: input.rows };
  const vector = embedding ? readEmbedding(outputs[embedding] as Tensor, read) : null;
  if (vector && !vector.ok) return vector;
  const independent = areIndependent(spec.postprocessing)
    ? { threshold: spec.threshold ?? usualThreshold }
    : undefined;
  // However many labels hold, all of them are kept.
  const held = independent ? scores.filter((score) => score >= independent.threshold).length : 0;
  const keep = Math.max(request.top ?? storedScores, held);
  return ok({
    task: 'image-classification',
    predictions: topScores(scores, spec.labels, keep),
    labelCount: scores.length,
    width: picture.width,
    height: picture.height,
    seen: picture.seen,
    ...(independent && { independent }),
    ...(vector && { embedding: vector.value }),
  });
}

/** Whatever the runtime throws here is the model's: the picture has the form that the manifest says. */
async function guarded<T>(run: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return ok(await run());
  } catch (error) {
    return runStopped(error);
  }
}
