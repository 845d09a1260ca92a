import { Tensor } from 'onnxruntime-node';
import { failed, ok, type Outcome } from '../../contract/faults.ts';
import { reason, type Reason } from '../../contract/reasons.ts';
import { isScoreType } from '../../contract/scored-output.ts';
import type { LoadSpec, WireTensorSpec } from '../../contract/wire.ts';
import { fromHalfBits, halfBits } from '../../contract/half-floats.ts';
import { pictureInput } from './preprocess.ts';
import type { Session } from './session.ts';

/** How a loaded model takes one picture, checked once against the graph itself. */
export type PictureInput = {
  readonly name: string;
  readonly type: 'float32' | 'float16' | 'float64';
  /** Items that the graph takes at a time, no more and no less; 1 where it leaves that open. */
  readonly rows: number;
};

/** Fault: `onnx-mismatch` when the graph cannot be fed with a picture. */
export function findPictureInput(session: Session, spec: LoadSpec, file: string): Outcome<PictureInput> {
  const misfit = (why: Reason): Outcome<never> => failed('onnx-mismatch', { file, reason: why });
  const input = named(session.inputs, pictureInput(spec.preprocessing) ?? session.inputs[0]?.name);
  if (!input) return misfit(reason('has-no-input', { name: pictureInput(spec.preprocessing) ?? '' }));
  const { name, type, shape } = input;
  if (!isPictureType(type)) return misfit(reason('picture-input-type', { name, type }));
  return ok({ name, type, rows: typeof shape[0] === 'number' && shape[0] > 1 ? shape[0] : 1 });
}

/** Why an output gives no numbers for each picture, or null: bits are never read as numbers that they are not. */
export function misfitOfValues(
  { name, type, shape }: WireTensorSpec,
  rows: number,
  wrongType: 'score-output-type' | 'embedding-type',
): Reason | null {
  if (!isScoreType(type)) return reason(wrongType, { name, type });
  const [given] = shape;
  return rows > 1 && typeof given === 'number' && given >= 0 && given !== rows
    ? reason('rows-differ', { rows, name, given })
    : null;
}

const isPictureType = (type: string): type is PictureInput['type'] => isScoreType(type);

function named(specs: readonly WireTensorSpec[], name: string | undefined): WireTensorSpec | undefined {
  return specs.find((each) => each.name === name);
}

/** The tensor that the graph takes: the picture as often as it takes pictures, in its type of numbers. */
export function feedOf(
  { type, rows }: Pick<PictureInput, 'type' | 'rows'>,
  { data, dims }: { readonly data: Float32Array; readonly dims: readonly number[] },
): Tensor {
  const shape = [rows, ...dims.slice(1)];
  // Each row is the picture itself: zeros could be what a graph divides by.
  const all = rows === 1 ? data : repeated(data, rows);
  if (type === 'float32') return new Tensor('float32', all, shape);
  if (type === 'float64') return new Tensor('float64', Float64Array.from(all), shape);
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
