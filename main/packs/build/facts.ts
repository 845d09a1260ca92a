import { reason, type Reason } from '../../../contract/faults/reasons.ts';
import type { TensorSpec } from '../../../contract/tensors/tensor.ts';
import { ElementType } from '../../../contract/tensors/tensor.ts';
import type { Graph, GraphValue } from '../graph/graph.ts';
import { leftOutNotes } from '../graph/left-out.ts';
import { labelsInMetadata } from './metadata-labels.ts';
import { packIdOf, titleOf } from './names.ts';
import { findPictureInput } from './picture-input.ts';
import { scoreCandidates } from './scores.ts';
import { recogniseTask } from './tasks/index.ts';
import type { Exporter, Facts } from './tasks/index.ts';

export type { Facts } from './tasks/index.ts';

export function factsOf(graph: Graph): Facts {
  const { metadata } = graph;
  const picture = findPictureInput(graph);
  const candidates = scoreCandidates(graph, picture?.order.startsWith('N') ?? true);
  const exporter = exporterOf(graph);
  const named = labelsInMetadata(
    metadata,
    candidates.map(({ count }) => count),
  );
  const labels = named.names;
  const notes = [...leftOutNotes(graph), ...named.notes];
  const licence = licenceOf(metadata['license']);
  const suggested = suggestedBy(graph);
  const outputs = graph.outputs.map(({ name, type, shape }) => ({ name, type, shape }));
  const known = { exporter, labels, licence, picture, candidates, outputs, suggested, notes };
  const recognised = recogniseTask({ exporter, metadata, picture });
  const { task = null, preset = null, note: taskNote = null } = recognised ?? {};
  return { ...known, task, preset, taskNote };
}

function suggestedBy({ file, metadata }: Graph): Facts['suggested'] {
  const description = metadata['description']?.trim() ?? '';
  return {
    id: packIdOf(file),
    title: titleOf(file).slice(0, 80),
    summary:
      description !== '' && description.length <= 200 && !description.includes('\n') ? description : null,
  };
}

/** A graph's value as a tensor spec of the manifest, or the reason why no protocol can carry it. */
export function specOf({ name, kind, type, shape }: GraphValue): TensorSpec | Reason {
  if (kind !== 'tensor') return reason('value-no-tensor', { name, kind });
  const element = ElementType.safeParse(type);
  if (!element.success) return reason('type-not-carried', { name, type: String(type) });
  return { name, type: element.data, shape: (shape ?? []).map((dim) => dim ?? -1) };
}

function exporterOf({ producer, metadata }: Graph): Exporter {
  const isUltralytics = metadata['author'] === 'Ultralytics' || ('names' in metadata && 'stride' in metadata);
  if (isUltralytics) return 'ultralytics';
  if (producer.name === 'skl2onnx') return 'skl2onnx';
  if (producer.name === 'tf2onnx' || producer.name === 'keras2onnx') return 'tf2onnx';
  return producer.name === 'pytorch' ? 'pytorch' : 'other';
}

function licenceOf(text: string | undefined): string | null {
  return /^(?:AGPL-3\.0|GPL-3\.0|Apache-2\.0|MIT|BSD-3-Clause)/u.exec(text ?? '')?.[0] ?? null;
}
