import { Tensor } from 'onnxruntime-node';
import { failed, ok, type Outcome } from '../../contract/faults/faults.ts';
import { reason, type Reason } from '../../contract/faults/reasons.ts';
import { isScoreType } from '../../contract/packs/scored-output.ts';
import type { LoadSpec, WireTensorSpec } from '../../contract/wire.ts';
import { fromHalfBits } from '../../contract/tensors/half-floats.ts';
import { takesRows } from '../../contract/packs/input-rows.ts';
import { isPictureType, misfitOfPicture } from '../../contract/packs/picture-input.ts';
import type { PictureType } from '../../contract/packs/picture-input.ts';
import type { Pixels } from './decoder.ts';
import { inputMemory } from './input-memory.ts';
import type { InputMemory } from './input-memory.ts';
import { pictureInput, toTensor } from './preprocess.ts';
import type { PictureData, PictureTensor } from './preprocess.ts';
import type { Session } from './session.ts';

/** How a loaded model takes one picture, checked once against the graph itself. */
export type PictureInput = {
  readonly name: string;
  readonly type: PictureType;
  /** Items that the graph takes at a time, no more and no less; 1 where it leaves that open. */
  readonly rows: number;
  readonly memory: InputMemory;
};

/** Fault: `onnx-mismatch` when the graph cannot be fed with a picture. */
export function findPictureInput(session: Session, spec: LoadSpec, file: string): Outcome<PictureInput> {
  const misfit = (why: Reason): Outcome<never> => failed('onnx-mismatch', { file, reason: why });
  const input = named(session.inputs, pictureInput(spec.preprocessing) ?? session.inputs[0]?.name);
  if (!input) return misfit(reason('has-no-input', { name: pictureInput(spec.preprocessing) ?? '' }));
  const { name, type, shape } = input;
  const why = misfitOfPicture(input, spec.preprocessing);
  if (why || !isPictureType(type)) return misfit(why ?? reason('picture-input-type', { name, type }));
  const [first] = takesRows(spec.preprocessing) ? shape : [];
  return ok({ name, type, rows: typeof first === 'number' && first > 1 ? first : 1, memory: inputMemory() });
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

function named(specs: readonly WireTensorSpec[], name: string | undefined): WireTensorSpec | undefined {
  return specs.find((each) => each.name === name);
}

type Feeds = Readonly<Record<string, Tensor>>;
type Fed = { readonly input: PictureInput; readonly spec: Pick<LoadSpec, 'preprocessing'> };

/** Runs with each picture as the graph takes it. The tensors are written over when `run` has ended. */
export async function withFeeds<T>(
  { input, spec }: Fed,
  pictures: readonly Pixels[],
  run: (feeds: readonly Feeds[]) => Promise<T>,
): Promise<T> {
  const { name, type, memory } = input;
  const tensors = pictures.map((picture) =>
    toTensor(picture, spec.preprocessing, { type, take: memory.take }),
  );
  try {
    return await run(tensors.map((tensor) => ({ [name]: feedOf(input, tensor) })));
  } finally {
    for (const { data } of tensors) memory.give(data);
  }
}

/** The tensor that the graph takes: the picture as often as it takes pictures. Its values have the type already. */
function feedOf({ type, rows }: Pick<PictureInput, 'type' | 'rows'>, { data, dims }: PictureTensor): Tensor {
  const shape = rows === 1 ? [...dims] : [rows, ...dims.slice(1)];
  // Repeat the picture in every row: zeros might cause a division by zero.
  const all = rows === 1 ? data : repeated(data, rows);
  return new Tensor(type as 'float32', all as Float32Array, shape);
}

function repeated(data: PictureData, rows: number): PictureData {
  const all = new (data.constructor as Float32ArrayConstructor)(data.length * rows);
  all.set(data);
  for (let row = 1; row < rows; row += 1) all.copyWithin(row * data.length, 0, data.length);
  return all;
}

/** The values of the first picture, whatever type of floating-point number they came in. */
export function firstRow({ type, data, dims }: Tensor, rows: number): Float64Array {
  if (rows > 1 && dims[0] !== rows)
    throw new Error(`it took ${rows} pictures and answered ${dims[0] ?? 0} rows`);
  const values = data as Float32Array | Float64Array | Uint16Array;
  const row = values.subarray(0, values.length / rows);
  // Float16Array is not in Node 20: decode the bits.
  return type === 'float16' && row instanceof Uint16Array
    ? Float64Array.from(row, fromHalfBits)
    : Float64Array.from(row);
}
