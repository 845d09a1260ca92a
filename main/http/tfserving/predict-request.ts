import type { TensorBytes, TensorSpec } from '../../../contract/tensor.ts';
import { Dense } from './dense.ts';
import { formatError, memberOf } from './document.ts';
import type { Document } from './document.ts';
import { echo } from './echo.ts';
import { read, refused } from './refusal.ts';
import type { Read } from './refusal.ts';
import { isBase64 } from './scalars.ts';
import { lengthOf } from './tree.ts';
import type { Json } from './tree.ts';

export type PredictFormat = 'row' | 'columnar';
export type PredictTensors = { readonly format: PredictFormat; readonly tensors: readonly TensorBytes[] };
type Wanted = { readonly inputs: readonly TensorSpec[]; readonly maxElements: number };

/** The inputs that a predict request carries under `instances` or `inputs`, one tensor for each of `inputs`. */
export function predictTensors(document: Document, wanted: Wanted): Read<PredictTensors> {
  const instances = memberOf(document.root, 'instances');
  const inputs = memberOf(document.root, 'inputs');
  if (instances === undefined && inputs === undefined) {
    return refused("Missing 'inputs' or 'instances' key");
  }
  if (instances === undefined) return columnar(document, inputs!, wanted);
  if (inputs !== undefined) {
    return formatError(
      document,
      "Not formatted correctly expecting only one of 'inputs' or 'instances' keys to exist ",
    );
  }
  if (instances.kind !== 'array') {
    return formatError(document, "Excepting 'instances' to be an list/array");
  }
  if (lengthOf(instances) === 0) return formatError(document, "No values in 'instances' array");
  return flatRows(document, instances, wanted) ?? rows(document, instances.items, wanted);
}

const isNamed = (value: Json): value is Json & { kind: 'object' } =>
  value.kind === 'object' && !isBase64(value);

/** A list of bare numbers for a single input, at once; null when it is none or something is wrong with it. */
function flatRows(
  { body }: Document,
  instances: Json & { kind: 'array' },
  { inputs, maxElements }: Wanted,
): Read<PredictTensors> | null {
  const [spec, ...others] = inputs;
  if (instances.numbers === undefined || spec === undefined || others.length > 0) return null;
  const dense = new Dense(body, { spec, rows: null, maxElements });
  return dense.add(instances).ok ? read({ format: 'row', tensors: [dense.tensor()] }) : null;
}

function rows(
  { body }: Document,
  items: readonly Json[],
  { inputs, maxElements }: Wanted,
): Read<PredictTensors> {
  // A list of bare numbers has no items of its own: it is not one of objects.
  const areObjects = items[0] !== undefined && isNamed(items[0]);
  if (!areObjects && inputs.length === 0) {
    return refused(
      'instances is a plain list, but expecting list of empty objects: the model takes no inputs',
    );
  }
  if (!areObjects && inputs.length > 1) {
    return refused(
      'instances is a plain list, but expecting list of objects as multiple input tensors required as per tensorinfo_map',
    );
  }
  const dense = new Map(
    inputs.map((spec) => [spec.name, new Dense(body, { spec, rows: items.length, maxElements })]),
  );
  for (const [at, item] of items.entries()) {
    if (isNamed(item) !== areObjects) {
      return refused(
        areObjects
          ? `Expecting object but got list at item ${at} of input list`
          : `Expecting value/list but got object at item ${at} of input list`,
      );
    }
    const added = isNamed(item) ? addNamed(body, { item, at, dense }) : addBare(item, at, dense);
    if (!added.ok) return added;
  }
  return read({ format: 'row', tensors: [...dense.values()].map((one) => one.tensor()) });
}

function addBare(item: Json, at: number, dense: ReadonlyMap<string, Dense>): Read<void> {
  const [only] = dense.values();
  const added = only!.add(item);
  if (added.ok) return added;
  return refused(
    `Failed to process element: ${at} of 'instances' list. Error: INVALID_ARGUMENT: ${added.refusal.text}`,
  );
}

type NamedItem = {
  readonly item: Json & { readonly kind: 'object' };
  readonly at: number;
  readonly dense: ReadonlyMap<string, Dense>;
};

function addNamed(body: Buffer, { item, at, dense }: NamedItem): Read<void> {
  const names = new Set<string>();
  for (const [name, value] of item.members) {
    const sink = dense.get(name);
    if (names.has(name)) return wrongNames(body, { item, at, dense });
    names.add(name);
    const added = sink ? sink.add(value) : refused(`JSON object: does not have named input: ${name}`);
    if (!added.ok) {
      const where = `element: ${at} key: ${name} of 'instances' list.`;
      return refused(`Failed to process ${where} Error: INVALID_ARGUMENT: ${added.refusal.text}`);
    }
  }
  return names.size === dense.size ? read(undefined) : wrongNames(body, { item, at, dense });
}

function wrongNames(body: Buffer, { item, at, dense }: NamedItem): Read<never> {
  const wanted = [...dense.keys()].toSorted().join(',');
  return refused(
    `Failed to process element: ${at} of 'instances' list. JSON object: ${echo(body, item)} keys must be equal to: ${wanted}`,
  );
}

function columnar({ body }: Document, value: Json, { inputs, maxElements }: Wanted): Read<PredictTensors> {
  if (!isNamed(value) && inputs.length === 0) {
    return refused('inputs is a plain value/list, but expecting an empty object: the model takes no inputs');
  }
  if (!isNamed(value) && inputs.length > 1) {
    return refused(
      'inputs is a plain value/list, but expecting an object as multiple input tensors required as per tensorinfo_map',
    );
  }
  const tensors: TensorBytes[] = [];
  for (const spec of inputs) {
    const item = isNamed(value) ? memberOf(value, spec.name) : value;
    if (item === undefined) return refused(`Missing named input: ${spec.name} in 'inputs' object.`);
    const dense = new Dense(body, { spec, rows: null, maxElements });
    const added = dense.add(item);
    if (!added.ok) return added;
    tensors.push(dense.tensor());
  }
  return read({ format: 'columnar', tensors });
}
