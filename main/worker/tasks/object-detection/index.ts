import type { Tensor } from 'onnxruntime-node';
import { failed, ok, type Outcome } from '../../../../contract/faults.ts';
import { detail, reason } from '../../../../contract/reasons.ts';
import { boxesIn, nmsIn, outputsOf } from '../../../../contract/detection-steps.ts';
import type { DetectionResult } from '../../../../contract/tasks/object-detection.ts';
import type { Picture } from '../../decoder.ts';
import { layoutOf } from '../../../../contract/picture-input.ts';
import { viewOf } from '../../letterbox.ts';
import { feedOf, findPictureInput } from '../../picture-model.ts';
import type { PictureInput } from '../../picture-model.ts';
import { letterboxOf, toTensor } from '../../preprocess.ts';
import { runStopped } from '../../runtime-errors.ts';
import type { OpenTask, TaskModel } from '../task.ts';
import { detectionsOf, type DetectionSteps } from './detections.ts';
import { isMisfit, numbersOf, type Numbers } from './outputs.ts';

type Opened = TaskModel & { readonly input: PictureInput; readonly steps: DetectionSteps };

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
      const picture = await asked.picture(spec.preprocessing);
      return picture.ok ? answerPicture(opened, picture.value) : picture;
    },
  });
};

async function answerPicture(opened: Opened, picture: Picture): Promise<Outcome<DetectionResult>> {
  const { session, spec, input, steps } = opened;
  const tensor = toTensor(picture, spec.preprocessing, input.type);
  const wanted = outputsOf(steps.boxes.from);
  let outputs: Awaited<ReturnType<typeof session.runRaw>>;
  try {
    outputs = await session.runRaw({ [input.name]: feedOf(input, tensor) }, wanted);
  } catch (error) {
    return runStopped(error);
  }
  try {
    const read = (name: string): Numbers => numbersOf(name, outputs[name] as Tensor);
    return interpret(opened, read, { picture, dims: tensor.dims });
  } catch (error) {
    return failed('internal', { reason: detail(error instanceof Error ? error.message : String(error)) });
  }
}

function interpret(
  { spec, file, steps }: Opened,
  read: (name: string) => Numbers,
  { picture, dims }: { readonly picture: Picture; readonly dims: readonly number[] },
): Outcome<DetectionResult> {
  const order = layoutOf(spec.preprocessing)?.order ?? 'NCHW';
  const [height = 0, width = 0] = dims.slice(order.indexOf('H'));
  const found = detectionsOf(steps, read, {
    view: viewOf(picture, letterboxOf(spec.preprocessing)),
    input: { width, height },
    labels: spec.labels,
  });
  if (isMisfit(found)) return failed('onnx-mismatch', { file, reason: found });
  return ok({
    task: 'object-detection',
    width: picture.width,
    height: picture.height,
    threshold: spec.threshold ?? usualThreshold,
    detections: [...found],
  });
}

/** Where a manifest does not say from where on a box counts. */
const usualThreshold = 0.5;
