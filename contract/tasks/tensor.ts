import { z } from 'zod';
import { VariantName } from '../ids.ts';
import { LabelScore } from '../packs/labels.ts';
import { PackPath } from '../packs/pack-path.ts';
import { findSeveralScored, namedScores, scoredOutput, valuesPerItem } from '../packs/scored-output.ts';
import { ElementType } from '../tensors/tensor.ts';
import { firstColumns } from './columns.ts';
import type { RawTask } from './task.ts';

const id = 'tensor';

/** A tensor as JSON: row-major and flat; whole numbers beyond 2^53, NaN and infinities are strings. */
export const TensorJson = z.strictObject({
  type: ElementType,
  dims: z.array(z.number().int()).readonly(),
  data: z.array(z.union([z.number(), z.string(), z.boolean()])).readonly(),
});
export type TensorJson = z.infer<typeof TensorJson>;

const Printed = z.strictObject({
  task: z.literal(id),
  outputs: z.record(z.string(), TensorJson),
  /** The highest score of each row, where the model has labels. */
  labels: z.array(LabelScore).readonly().optional(),
});
type Printed = z.infer<typeof Printed>;

/** A raw little-endian file inside the pack. */
const tensorFile = {
  name: z.string(),
  type: ElementType,
  dims: z.array(z.number().int().min(0)),
  file: PackPath,
};

/** Rows of a tensor that a person is shown the labels of, and values of each output. */
const [mostRows, mostValues] = [8, 8];

/** Raw tensors in, raw tensors out: any ONNX model. */
export const tensor = {
  id,
  input: 'tensors',
  summary: 'raw tensors in and out',
  Printed,
  steps: [],
  GoldenCase: z.strictObject({
    kind: z.literal('tensors'),
    name: z.string(),
    inputs: z.array(z.strictObject(tensorFile)),
    outputs: z.array(z.strictObject({ ...tensorFile, toleranceAbs: z.number().min(0) })),
    variants: z.array(VariantName),
  }),
  findContradictions: ({ postprocessing }) => findSeveralScored(postprocessing),
  // Labels are a service to callers: which output they belong to is said by a step or not at all.
  labelled: (manifest, outputs) => {
    if (namedScores(manifest.postprocessing) === null) return null;
    const scored = scoredOutput(manifest)?.name;
    const count = valuesPerItem(outputs.find(({ name }) => name === scored)?.shape ?? null);
    return scored !== undefined && typeof count === 'number' ? { output: scored, count } : null;
  },
  columns: firstColumns,
  rows: ({ outputs }) =>
    Object.entries(outputs).map(([output, { type, dims, data }]) => ({
      output,
      type,
      dims: dims.join('x'),
      data: JSON.stringify(data),
    })),
  // Scores as the graph gives them: they need not be shares of one.
  lines: ({ outputs, labels = [] }) => [
    ...labels.slice(0, mostRows).map(({ label, score }) => ({
      kind: 'value' as const,
      label,
      value: String(Number(score.toPrecision(4))),
    })),
    ...(labels.length > mostRows ? [{ kind: 'text' as const, text: `… ${labels.length} rows` }] : []),
    ...Object.entries(outputs).map(([name, { type, dims, data }]) => ({
      kind: 'values' as const,
      name,
      form: `${type} [${dims.join(', ')}]`,
      values: `${data.slice(0, mostValues).join(', ')}${data.length > mostValues ? ', …' : ''}`,
    })),
  ],
} as const satisfies RawTask<Printed>;
