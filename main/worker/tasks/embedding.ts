import type { Tensor } from 'onnxruntime-node';
import { packEmbedding, type Embedding } from '../../../contract/packs/embedding.ts';
import { failed, ok, type Outcome } from '../../../contract/faults/faults.ts';
import { reason, type Reason } from '../../../contract/faults/reasons.ts';
import { firstRow, misfitOfValues } from '../picture-model.ts';
import type { TaskModel } from './task.ts';

/** Why the output that the manifest names holds no feature vector of a photo, or null. */
export function misfitOfEmbedding({ session }: TaskModel, name: string, rows: number): Reason | null {
  const found = session.outputs.find((each) => each.name === name);
  return found ? misfitOfValues(found, rows, 'embedding-type') : reason('has-no-output', { name });
}

/** `rows`: photos that the graph takes at a time. `photo` is what faults call it. */
type Read = {
  readonly file: string;
  readonly photo: string;
  readonly rows: number;
  /** Divided by its length. */
  readonly isUnit?: boolean;
};

/** The photo's feature vector as it is kept. Fault: `onnx-mismatch` where a value is no finite number. */
export function readEmbedding(output: Tensor, { file, photo, rows, isUnit }: Read): Outcome<Embedding> {
  const values = firstRow(output, rows);
  const packed = packEmbedding(values);
  if (!packed) return failed('onnx-mismatch', { file, reason: reason('embedding-nan', { name: photo }) });
  const length = isUnit ? Math.hypot(...values) : 1;
  return ok({ ...packed, scale: length === 0 ? 0 : packed.scale / length });
}
