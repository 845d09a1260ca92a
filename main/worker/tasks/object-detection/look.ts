import type { Tensor } from 'onnxruntime-node';
import type { View } from '../../../../contract/pictures/boxes.ts';
import { outputsOf } from '../../../../contract/packs/detection-steps.ts';
import { failed, ok, type Outcome } from '../../../../contract/faults/faults.ts';
import { layoutOf } from '../../../../contract/packs/picture-input.ts';
import { detail } from '../../../../contract/faults/reasons.ts';
import type { Detection } from '../../../../contract/tasks/detections.ts';
import { messageOf } from '../../../lib/error-text.ts';
import { freeMemory } from '../../../lib/free-memory.ts';
import type { Pixels } from '../../decoder.ts';
import { withFeeds } from '../../picture-model.ts';
import type { PictureInput } from '../../picture-model.ts';
import { runStopped } from '../../runtime-errors.ts';
import type { TaskModel } from '../task.ts';
import { detectionsOf, type DetectionSteps } from './detections.ts';
import { isMisfit, numbersOf, type Numbers } from './outputs.ts';

export type Detector = TaskModel & { readonly input: PictureInput; readonly steps: DetectionSteps };

/** What the model finds in a picture, or in a part of it; `view` says where on the photo that lies. */
export async function look(
  detector: Detector,
  pixels: Pixels,
  view: View,
): Promise<Outcome<readonly Detection[]>> {
  const { session, spec, file, input, steps } = detector;
  const ran = await withFeeds(detector, [pixels], async ([feeds]) => ({
    dims: feeds![input.name]!.dims,
    outputs: await session.runRaw(feeds!, outputsOf(steps.boxes.from)),
  })).then(ok, (error: unknown) => runStopped(error));
  if (!ran.ok) return ran;
  const { dims, outputs } = ran.value;
  try {
    const order = layoutOf(spec.preprocessing)?.order ?? 'NCHW';
    const [height = 0, width = 0] = dims.slice(order.indexOf('H'));
    const read = (name: string): Numbers => numbersOf(name, outputs[name] as Tensor);
    const found = detectionsOf(steps, read, { view, input: { width, height }, labels: spec.labels });
    return isMisfit(found) ? failed('onnx-mismatch', { file, reason: found }) : ok(found);
  } catch (error) {
    return failed('internal', { reason: detail(messageOf(error)) });
  } finally {
    // All boxes before they were sorted out: up to megabytes for each look, for which V8 would look through its heap.
    for (const { data } of Object.values(outputs as Record<string, Tensor>))
      if (ArrayBuffer.isView(data)) freeMemory(data);
  }
}
