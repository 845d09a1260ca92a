import type { Tensor } from 'onnxruntime-node';
import { failed, ok, type Outcome } from '../../../contract/faults/faults.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import type { ExtractionResult } from '../../../contract/tasks/feature-extraction.ts';
import { findPictureInput, withFeeds } from '../picture-model.ts';
import { runStopped } from '../runtime-errors.ts';
import { misfitOfEmbedding, readEmbedding } from './embedding.ts';
import type { OpenTask } from './task.ts';

/** From pixels to the vector that the manifest's `embedding` names. */
export const openFeatureExtraction: OpenTask = (model) => {
  const { session, spec, file } = model;
  const input = findPictureInput(session, spec, file);
  if (!input.ok) return input;
  const { rows } = input.value;
  const output = spec.embedding;
  if (output === null)
    return failed('onnx-mismatch', { file, reason: reason('has-no-output', { name: '' }) });
  const misfit = misfitOfEmbedding(model, output, rows);
  if (misfit) return failed('onnx-mismatch', { file, reason: misfit });
  const isUnit = spec.postprocessing.some(({ op }) => op === 'unit-length');
  return ok({
    answer: async (asked): Promise<Outcome<ExtractionResult>> => {
      const picture = await asked.picture(spec.preprocessing);
      if (!picture.ok) return picture;
      const { width, height, seen } = picture.value;
      const ran = await withFeeds({ input: input.value, spec }, [picture.value], ([feeds]) =>
        session.runRaw(feeds!, [output]),
      ).then(ok, (error: unknown) => runStopped(error));
      if (!ran.ok) return ran;
      const read = { file, photo: asked.name, rows, isUnit };
      const embedding = readEmbedding(ran.value[output] as Tensor, read);
      return embedding.ok
        ? ok({ task: 'feature-extraction', width, height, seen, embedding: embedding.value })
        : embedding;
    },
  });
};
