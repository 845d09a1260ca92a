import type { Placed, PlacedBox } from '../../../../contract/tasks/index.ts';
import { rowOf } from '../../rows.ts';
import type { ExportItem, ExportSource } from '../../types.ts';
import type { Taxon } from './taxa.ts';

export const observationColumns = [
  'observationID',
  'deploymentID',
  'mediaID',
  'eventID',
  'eventStart',
  'eventEnd',
  'observationLevel',
  'observationType',
  'cameraSetupType',
  'scientificName',
  'count',
  'lifeStage',
  'sex',
  'behavior',
  'individualID',
  'individualPositionRadius',
  'individualPositionAngle',
  'individualSpeed',
  'bboxX',
  'bboxY',
  'bboxWidth',
  'bboxHeight',
  'classificationMethod',
  'classifiedBy',
  'classificationTimestamp',
  'classificationProbability',
  'observationTags',
  'observationComments',
] as const;

export type Observation = Readonly<Partial<Record<(typeof observationColumns)[number], string | number>>>;
type Context = {
  readonly source: ExportSource;
  readonly placed: Placed | null;
  readonly taxa: (label: string, group: string | undefined) => Taxon;
};

/**
 * What was seen on a photo: an observation for each box, one for the label of a photo without boxes, a blank for nothing.
 * What a person said takes the place of what the model said, which stays as a comment; boxes with that label stay.
 */
export function observationsOf(item: ExportItem, context: Context): readonly Observation[] {
  const { source, placed, taxa } = context;
  const { confirmed, record } = item;
  const row = rowOf(item, source, {});
  const byModel = {
    classificationMethod: 'machine',
    classifiedBy: `${source.model} ${source.version}`,
    classificationTimestamp: record ? `${record.at.slice(0, 19)}Z` : '',
  };
  const byPerson = {
    classificationMethod: 'human',
    observationComments:
      `${byModel.classifiedBy}: ${String(row['label'] ?? 'empty')} ${String(row['score'] ?? '')}`.trim(),
  };
  const boxes = (placed?.boxes ?? []).filter(({ label }) => !confirmed || label === confirmed.label);
  if (placed && boxes.length > 0)
    return boxes.map((box) => ({
      ...named(box.label, taxa(box.label, box.group?.label)),
      ...shares(placed, box),
      count: 1,
      ...(confirmed ? byPerson : { ...byModel, classificationProbability: probability(box.score) }),
    }));
  const label = confirmed ? confirmed.label : String(row['label'] ?? 'empty');
  const isEmpty = confirmed ? confirmed.id === '' : label === 'empty';
  const taxon: Taxon = isEmpty ? { observationType: 'blank' } : taxa(label, undefined);
  const score = row['score'];
  return [
    {
      ...(isEmpty ? taxon : named(label, taxon)),
      ...(!isEmpty && { count: 1 }),
      ...(confirmed
        ? byPerson
        : {
            ...byModel,
            ...(typeof score === 'number' && { classificationProbability: probability(score) }),
          }),
    },
  ];
}

const named = (label: string, taxon: Taxon): Observation => ({ ...taxon, observationTags: `label:${label}` });

const probability = (score: number): number => Math.min(1, Math.max(0, Math.round(score * 1e6) / 1e6));

/** A box as shares of the photo, and never beyond it. */
function shares({ width, height }: Placed, { box: [left, top, right, bottom] }: PlacedBox): Observation {
  const share = (pixels: number, of: number): number =>
    Math.round(Math.min(1, Math.max(0, pixels / of)) * 1e6) / 1e6;
  const [x, y] = [share(left, width), share(top, height)];
  return {
    bboxX: x,
    bboxY: y,
    // The schema knows no box without any width.
    bboxWidth: Math.max(1e-6, Math.round((share(right, width) - x) * 1e6) / 1e6),
    bboxHeight: Math.max(1e-6, Math.round((share(bottom, height) - y) * 1e6) / 1e6),
  };
}
