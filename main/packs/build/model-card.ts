import type { Manifest } from '../../../contract/packs/manifest.ts';
import type { Graph } from '../graph/graph.ts';
import type { Preset } from './presets.ts';

/** A default model card from what is known about the pack. */
export function writeModelCard(
  manifest: Pick<Manifest, 'title' | 'summary' | 'licence' | 'task' | 'inputs' | 'outputs'>,
  { graph, preset, notes }: { graph: Graph; preset: Preset | null; notes: readonly string[] },
): string {
  const { producer } = graph;
  const specs = (rows: Manifest['inputs']) =>
    rows.map(({ name, type, shape }) => `- \`${name}\`: ${type}, ${shape.join(' × ') || 'one value'}`);
  return [
    `# ${manifest.title}`,
    '',
    manifest.summary,
    '',
    `Task: ${manifest.task}. Licence: ${manifest.licence}.`,
    '',
    '## Inputs',
    '',
    ...specs(manifest.inputs),
    '',
    '## Outputs',
    '',
    ...specs(manifest.outputs),
    '',
    '## Where it comes from',
    '',
    `An ONNX file of IR version ${graph.irVersion}${producer.name ? `, written by ${[producer.name, producer.version].filter(Boolean).join(' ')}` : ''}.`,
    ...(preset ? ['', `Prepared as: ${preset.title}.`] : []),
    ...notes.flatMap((note) => ['', note]),
    '',
    'Its maker wrote no card: what it was trained on, how good it is and what it must not be used for is not known from this pack.',
    '',
  ].join('\n');
}
