import { Tensor } from 'onnxruntime-node';
import { failed, ok, type Outcome } from '../../contract/faults.ts';
import { reason, type Reason } from '../../contract/reasons.ts';
import { isScoreType } from '../../contract/scored-output.ts';
import type { LoadSpec, WireTensorSpec } from '../../contract/wire.ts';
import { fromHalfBits, halfBits } from '../../contract/half-floats.ts';
import { pictureInput } from './preprocess.ts';
import type { Session } from './session.ts';

/** How a loaded model takes one picture and where its scores are, checked once against the graph itself. */
export type PictureModel = {
  readonly input: string;
  readonly inputType: 'float32' | 'float16' | 'float64';
  /** Items that the graph takes at a time, no more and no less; 1 where it leaves that open. */
  readonly rows: number;
  readonly output: string;
};

/**
 * Null for a model that scores nothing. Fault: `onnx-mismatch` when the graph cannot be fed with a picture or gives no
 * numbers where the scores are to be, so that bits are never read as numbers that they are not.
 */
export function pictureModel(session: Session, spec: LoadSpec, file: string): Outcome<PictureModel | null> {
  if (spec.scored === null) return ok(null);
  const misfit = (why: Reason): Outcome<never> => failed('onnx-mismatch', { file, reason: why });
  const input = named(session.inputs, pictureInput(spec.preprocessing) ?? session.inputs[0]?.name);
  const output = named(session.outputs, spec.scored);
  if (!input) return misfit(reason('has-no-input', { name: pictureInput(spec.preprocessing) ?? '' }));
  if (!output) return misfit(reason('has-no-output', { name: spec.scored }));
  if (!isPictureType(input.type))
    return misfit(reason('picture-input-type', { name: input.name, type: input.type }));
  if (!isScoreType(output.type))
    return misfit(reason('score-output-type', { name: output.name, type: output.type }));
  const embedding = spec.embedding === null ? null : named(session.outputs, spec.embedding);
  if (embedding === undefined) return misfit(reason('has-no-output', { name: String(spec.embedding) }));
  if (embedding && !isScoreType(embedding.type))
    return misfit(reason('embedding-type', { name: embedding.name, type: embedding.type }));
  const rows = typeof input.shape[0] === 'number' && input.shape[0] > 1 ? input.shape[0] : 1;
  for (const each of embedding ? [output, embedding] : [output]) {
    const given = each.shape[0];
    if (rows > 1 && typeof given === 'number' && given >= 0 && given !== rows)
      return misfit(reason('rows-differ', { rows, name: each.name, given }));
  }
  return ok({ input: input.name, inputType: input.type, rows, output: output.name });
}

const isPictureType = (type: string): type is PictureModel['inputType'] => isScoreType(type);

function named(specs: readonly WireTensorSpec[], name: string | undefined): WireTensorSpec | undefined {
  return specs.find((each) => each.name === name);
}

/** The tensor that the graph takes: the picture as often as it takes pictures, in its type of numbers. */
export function feedOf(
  { inputType, rows }: PictureModel,
  { data, dims }: { readonly data: Float32Array; readonly dims: readonly number[] },
): Tensor {
  const shape = [rows, ...dims.slice(1)];
  // Each row is the picture itself: zeros could be what a graph divides by.
  const all = rows === 1 ? data : repeated(data, rows);
  if (inputType === 'float32') return new Tensor('float32', all, shape);
  if (inputType === 'float64') return new Tensor('float64', Float64Array.from(all), shape);
  return new Tensor('float16', Uint16Array.from(all, halfBits), shape);
}

function repeated(data: Float32Array, rows: number): Float32Array {
  const all = new Float32Array(data.length * rows);
  for (let row = 0; row < rows; row += 1) all.set(data, row * data.length);
  return all;
}

/** The values of the first picture, whatever type of floating-point number they came in. */
export function firstRow({ type, data, dims }: Tensor, rows: number): Float64Array {
  if (rows > 1 && dims[0] !== rows)
    throw new Error(`it took ${rows} pictures and answered ${dims[0] ?? 0} rows`);
  const values = data as Float32Array | Float64Array | Uint16Array;
  const row = values.subarray(0, values.length / rows);
  // Newer runtimes of JavaScript have an array of such numbers; Node 20 has their bits.
  return type === 'float16' && row instanceof Uint16Array
    ? Float64Array.from(row, fromHalfBits)
    : Float64Array.from(row);
}
