import { z } from 'zod';
import { PackPath } from '../packs/pack-path.ts';
import { reason, reasonAt, type Reason } from '../faults/reasons.ts';
import type { TaskManifest } from './task.ts';

/** A golden photo of a task, with what each variant gives for it. */
export const goldenPhoto = <K extends string, E extends z.ZodType>(kind: K, expected: E) =>
  z.strictObject({ kind: z.literal(kind), name: z.string(), file: PackPath, expected: z.array(expected) });

/** Steps without which a task cannot make an input of a photo, or a result of the outputs, and that this manifest lacks. */
export function findMissingSteps(
  task: string,
  { preprocessing, postprocessing }: TaskManifest,
  behind: readonly string[] = [],
): readonly Reason[] {
  const missing = (place: string, steps: readonly { readonly op: string }[], ops: readonly string[]) =>
    ops
      .filter((op) => !steps.some((step) => step.op === op))
      .map((op) => reasonAt(place, reason('step-needed', { task, step: op })));
  return [
    ...missing('preprocessing', preprocessing, ['decode', 'layout']),
    ...missing('postprocessing', postprocessing, behind),
  ];
}
