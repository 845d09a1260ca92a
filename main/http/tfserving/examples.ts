import type { TensorBytes, TensorSpec } from '../../../contract/tensor.ts';
import { Dense } from './dense.ts';
import { formatError, memberOf } from './document.ts';
import type { Document } from './document.ts';
import { echo, kindWord } from './echo.ts';
import { read, refused } from './refusal.ts';
import type { Read } from './refusal.ts';
import { isBase64, numberAt, typeWord } from './scalars.ts';
import type { Json } from './tree.ts';

/** A feature's values: texts and files, decimals, or whole numbers; null for an empty list, which is of any kind. */
export type Feature = { readonly kind: 'bytes' | 'float' | 'int64' | null; readonly values: readonly Json[] };
export type Example = ReadonlyMap<string, Feature>;

/** The examples of a classify or regress request, each with the features of `context` among its own. */
export function examplesOf(document: Document, method: 'classify' | 'regress'): Read<readonly Example[]> {
  const { body, root } = document;
  const context = memberOf(root, 'context');
  const common = context === undefined ? read<Example>(new Map()) : exampleOf(body, context);
  if (!common.ok) return common;
  const list = memberOf(root, 'examples');
  if (list === undefined) {
    return formatError(document, `When method is ${method}, key 'examples' is expected and was not found`);
  }
  if (list.kind !== 'array') return formatError(document, "Expecting 'examples' value to be an list/array");
  if (list.items.length === 0) return formatError(document, "'examples' value is an empty array");
  const examples: Example[] = [];
  for (const [at, item] of list.items.entries()) {
    const example = exampleOf(body, item);
    if (!example.ok) return example;
    const twice = [...example.value.keys()].find((name) => common.value.has(name));
    if (twice !== undefined) {
      return refused(`Feature: ${twice} of example ${at} is in 'context' already`);
    }
    examples.push(new Map([...common.value, ...example.value]));
  }
  return read(examples);
}

type Typed = { readonly spec: TensorSpec; readonly maxElements: number; readonly body: Buffer };

/** One input of the graph, a row of it from each example. A feature is a flat list that fills the row's shape. */
export function inputOf(examples: readonly Example[], { spec, maxElements, body }: Typed): Read<TensorBytes> {
  const row = spec.shape.slice(1);
  const free = row.filter((dim) => typeof dim === 'string' || dim < 0).length;
  const fixed = row.reduce<number>((size, dim) => size * (typeof dim === 'number' && dim >= 0 ? dim : 1), 1);
  const dense = new Dense(body, { spec: { ...spec, shape: [-1, -1] }, rows: examples.length, maxElements });
  let width = free === 0 ? fixed : -1;
  for (const [at, example] of examples.entries()) {
    const feature = example.get(spec.name);
    if (feature === undefined) {
      return refused(
        `Feature: ${spec.name} (data type: ${typeWord(spec.type)}) is required but could not be found.`,
      );
    }
    const { values } = feature;
    if (width < 0) width = values.length;
    if (values.length !== width || (free > 0 && values.length % Math.max(fixed, 1) !== 0)) {
      const sizes = `values size: ${values.length} but output shape: [${row.map(String).join(',')}]`;
      return refused(
        `Key: ${spec.name}, Index: ${at}. Number of ${typeWord(spec.type)} values != expected. ${sizes}`,
      );
    }
    const added = dense.add({ kind: 'array', items: values, start: 0, end: 0 });
    if (!added.ok) return refused(`Feature: ${spec.name} of example ${at}: ${added.refusal.text}`);
  }
  return read({
    ...dense.tensor(),
    name: spec.name,
    dims: [examples.length, ...rowDims(row, width / Math.max(fixed, 1))],
  });
}

/** The first free dimension takes what is there; further ones are 1. A model without rows has no place for examples. */
function rowDims(row: TensorSpec['shape'], rest: number): readonly number[] {
  const first = row.findIndex((dim) => typeof dim === 'string' || dim < 0);
  return row.map((dim, at) => (typeof dim === 'number' && dim >= 0 ? dim : at === first ? rest : 1));
}

function exampleOf(body: Buffer, value: Json): Read<Example> {
  if (value.kind !== 'object') {
    return refused(`Example must be JSON object but got JSON ${kindWord(value)}`);
  }
  const features = new Map<string, Feature>();
  for (const [name, content] of value.members) {
    const feature = featureOf(body, { name, values: content.kind === 'array' ? content.items : [content] });
    if (!feature.ok) return feature;
    features.set(name, feature.value);
  }
  return read(features);
}

type Named = { readonly name: string; readonly values: readonly Json[] };

function featureOf(body: Buffer, { name, values }: Named): Read<Feature> {
  let kind: Feature['kind'] = null;
  for (const value of values) {
    const own = kindOf(value);
    if (own === null) {
      return refused(`Feature: ${name} has element with unexpected JSON type: ${kindWord(value)}`);
    }
    if (kind !== null && kind !== own) {
      return refused(`Unexpected element type in feature: ${name} expecting type: ${kind}`);
    }
    kind = own;
    const wrong = numberWrong(body, { name, value });
    if (wrong !== null) return wrong;
  }
  return read({ kind, values });
}

function kindOf(value: Json): Feature['kind'] {
  if (value.kind === 'string' || isBase64(value)) return 'bytes';
  if (value.kind === 'true' || value.kind === 'false') return 'int64';
  if (value.kind !== 'number') return null;
  return value.isWhole ? 'int64' : 'float';
}

/** Features hold float and int64 only. */
function numberWrong(
  body: Buffer,
  { name, value }: { readonly name: string; readonly value: Json },
): Read<never> | null {
  if (value.kind !== 'number') return null;
  const number = numberAt(body, value);
  if (!value.isWhole) {
    const isTooLarge = Number.isFinite(number) && !Number.isFinite(Math.fround(number));
    return isTooLarge
      ? refused(`Cannot convert JSON value: ${echo(body, value)} to float without loss of precision.`)
      : null;
  }
  if (Math.abs(number) < 2 ** 63) return null;
  const isLowest = body.toString('latin1', value.start, value.end) === '-9223372036854775808';
  return isLowest ? null : refused(`Feature: ${name} has uint64 element. Only int64 is supported.`);
}
