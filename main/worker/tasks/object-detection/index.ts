import { boxesIn, nmsIn, outputsOf } from '../../../../contract/packs/detection-steps.ts';
import { failed, ok, type Outcome } from '../../../../contract/faults/faults.ts';
import { reason } from '../../../../contract/faults/reasons.ts';
import { viewOf } from '../../letterbox.ts';
import { findPictureInput } from '../../picture-model.ts';
import { letterboxOf } from '../../preprocess.ts';
import type { OpenTask, TaskInput } from '../task.ts';
import { look, type Detector } from './look.ts';
import { lookThoroughly, type Found } from './thorough.ts';

/** From pixels to boxes on the photo, by the steps of the manifest. */
export const openObjectDetection: OpenTask = (model) => {
  const { session, spec, file } = model;
  const input = findPictureInput(session, spec, file);
  if (!input.ok) return input;
  const boxes = boxesIn(spec.postprocessing);
  if (!boxes) return failed('onnx-mismatch', { file, reason: reason('no-boxes-step') });
  const absent = outputsOf(boxes.from).find((name) => !session.outputs.some((each) => each.name === name));
  if (absent !== undefined)
    return failed('onnx-mismatch', { file, reason: reason('has-no-output', { name: absent }) });
  const opened = { ...model, input: input.value, steps: { boxes, nms: nmsIn(spec.postprocessing) } };
  return ok({
    answer: async (asked) => {
      const found = await (asked.thorough ? lookThoroughly(opened, asked) : lookOnce(opened, asked));
      if (!found.ok) return found;
      const { photo, detections } = found.value;
      return ok({
        task: 'object-detection',
        ...photo,
        threshold: spec.threshold ?? usualThreshold,
        detections: [...detections],
      });
    },
  });
};

/** One look at the whole photo. */
async function lookOnce(detector: Detector, { picture }: TaskInput): Promise<Outcome<Found>> {
  const steps = detector.spec.preprocessing;
  const decoded = await picture(steps);
  if (!decoded.ok) return decoded;
  const { width, height } = decoded.value;
  const found = await look(detector, decoded.value, viewOf(decoded.value, letterboxOf(steps)));
  return found.ok ? ok({ photo: { width, height }, detections: found.value }) : found;
}

/** Where a manifest does not say from where on a box counts. */
const usualThreshold = 0.5;
