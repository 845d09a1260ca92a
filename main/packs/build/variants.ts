import { basename } from 'node:path';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { VariantName } from '../../../contract/ids.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import type { Graph } from '../graph/graph.ts';
import { askedOutputs } from '../graph/left-out.ts';
import { about } from './about.ts';
import type { PackDraft } from './request.ts';

type ReadVariant = { readonly name: VariantName; readonly file: string; readonly graph: Graph };

/**
 * Reads the model file and its other variants with their graphs. Names and files must differ; inputs and outputs must
 * be the same as the first one's.
 */
export async function readVariants(
  { model, as, variants }: Pick<PackDraft, 'model' | 'as' | 'variants'>,
  graph: Graph,
  read: (file: string) => Promise<Outcome<Graph>>,
): Promise<Outcome<readonly ReadVariant[]>> {
  const models: ReadVariant[] = [{ name: as, file: model, graph }];
  for (const { name, file } of variants) {
    const label = basename(file);
    const twice = models.find((each) => each.name === name)
      ? name
      : models.find((each) => basename(each.file).toLowerCase() === label.toLowerCase())
        ? label
        : null;
    if (twice !== null)
      return about(
        'variant',
        failed('onnx-unfit', { file: label, reason: reason('variant-twice', { name: twice }) }),
      );
    const own = await read(file);
    if (!own.ok) return about('variant', own);
    const fit = sameFace(graph, own.value);
    if (!fit.ok) return about('variant', fit);
    models.push({ name, file, graph: own.value });
  }
  return ok(models);
}

/** Checks that a variant has the inputs and outputs of the first; float16 may stand for float32, since the worker converts. */
function sameFace(first: Graph, other: Graph): Outcome<void> {
  const face = (each: Graph) =>
    [...each.inputs, ...askedOutputs(each)].map(({ name, type }) => `${name} ${type}`).join(', ');
  const kinds = (each: Graph): string => face(each).replaceAll(/ float(?:16|32)(?=,|$)/gu, ' float');
  return kinds(first) === kinds(other)
    ? ok(undefined)
    : failed('onnx-unfit', {
        file: other.file,
        reason: reason('other-face', { own: face(other), first: first.file, face: face(first) }),
      });
}
