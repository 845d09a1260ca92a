import type { ExportChoice } from '../../../../contract/runs/export.ts';
import { clockTime } from '../../../../contract/pictures/camera.ts';
import type { ExportSource } from '../../types.ts';

const version = '1.0.2';
const published = `https://raw.githubusercontent.com/tdwg/camtrap-dp/${version}`;

/**
 * `datapackage.json`: what is known of the run, and what a person gives beside it (contributors, project, licenses, taxa),
 * which goes first. What the tables are is not for anybody to say.
 */
export function describePackage(source: ExportSource, given: NonNullable<ExportChoice['package']>): object {
  const { id, title, startedAt, model, version: modelVersion } = source;
  const places = placesOf(source);
  const precision = coarsest(source);
  const { project, ...rest } = given;
  return {
    name: `outpost-${id.toLowerCase().replaceAll(/[^a-z0-9._-]+/gu, '-')}`,
    title,
    contributors: [{ title: 'Not stated', role: 'contributor' }],
    sources: [{ title: 'Outpost', version: `${model} ${modelVersion}` }],
    taxonomic: [],
    ...rest,
    project: {
      title,
      samplingDesign: 'opportunistic',
      captureMethod: ['activityDetection'],
      individualAnimals: false,
      observationLevel: ['media'],
      ...(typeof project === 'object' && !Array.isArray(project) ? project : {}),
    },
    profile: `${published}/camtrap-dp-profile.json`,
    // Of the run, not of the writing: the same run gives the same bytes.
    created: startedAt,
    ...(precision !== null && { coordinatePrecision: precision }),
    spatial: { type: 'MultiPoint', coordinates: places },
    temporal: temporalOf(source),
    resources: ['deployments', 'media', 'observations'].map((name) => ({
      name,
      path: `${name}.csv`,
      profile: 'tabular-data-resource',
      format: 'csv',
      mediatype: 'text/csv',
      encoding: 'utf-8',
      schema: `${published}/${name}-table-schema.json`,
    })),
  };
}

const written = ({ deployments }: ExportSource) => deployments.filter(({ timed }) => timed > 0);

function placesOf(source: ExportSource): readonly (readonly [number, number])[] {
  const places = new Map<string, readonly [number, number]>();
  for (const { site } of written(source))
    if (site.place) places.set(site.name, [site.place.longitude, site.place.latitude]);
  return [...places.values()];
}

/** Degrees of the most rounded place; null where none is rounded. */
function coarsest(source: ExportSource): number | null {
  const places = written(source).flatMap(({ site: { leaves } }) =>
    typeof leaves === 'object' ? [leaves.places] : [],
  );
  return places.length === 0 ? null : Number((10 ** -Math.min(...places)).toFixed(4));
}

function temporalOf(source: ExportSource): { readonly start: string; readonly end: string } {
  let [first, last] = [Infinity, -Infinity];
  for (const { firstMs, lastMs } of written(source)) {
    first = Math.min(first, firstMs ?? Infinity);
    last = Math.max(last, lastMs ?? -Infinity);
  }
  return { start: clockTime(first).slice(0, 10), end: clockTime(last).slice(0, 10) };
}
