import { basename } from 'node:path';
import { csvLine, formulaStart } from '../../../lib/csv-line.ts';
import { placedOf } from '../boxes.ts';
import type { ExportItem, ExportSource, Format, FormatOptions } from '../../types.ts';
import { zonedTime } from './clock.ts';
import { deploymentRow, deploymentColumns } from './deployments.ts';
import { describePackage } from './description.ts';
import { observationColumns, observationsOf } from './observations.ts';
import { createTaxa } from './taxa.ts';

/**
 * A Camera Trap Data Package of version 1.0.2: `datapackage.json` with tables of deployments, media and observations. Photos
 * that do not say when they were taken have no place in it. Source: https://camtrap-dp.tdwg.org, profile and table schemas.
 */
export const camtrapDp: Format = {
  kind: 'folder',
  needsBoxes: false,
  leavesFaultsOut: true,
  needsTimes: true,
  needsPlaces: true,
  write: async function* (source, options) {
    yield { path: 'deployments.csv', text: deployments(source, options) };
    yield { path: 'media.csv', text: media(source, options) };
    yield { path: 'observations.csv', text: observations(source, options) };
    yield {
      path: 'datapackage.json',
      text: `${JSON.stringify(describePackage(source, options.package ?? {}), null, 2)}\n`,
    };
  },
};

async function* deployments(source: ExportSource, options: FormatOptions): AsyncGenerator<string> {
  yield csvLine(deploymentColumns);
  for (const deployment of source.deployments) {
    if (deployment.timed > 0) yield line(deploymentColumns, deploymentRow(deployment, options.utcOffset));
  }
}

const mediaColumns = [
  'mediaID',
  'deploymentID',
  'captureMethod',
  'timestamp',
  'filePath',
  'filePublic',
  'fileName',
  'fileMediatype',
  'exifData',
  'favorite',
  'mediaComments',
] as const;

async function* media(source: ExportSource, { utcOffset }: FormatOptions): AsyncGenerator<string> {
  yield csvLine(mediaColumns);
  for await (const item of timedItems(source)) {
    const { camera, takenAt, name, duplicateOf } = item;
    const isShifted = camera?.takenAt !== takenAt;
    yield line(mediaColumns, {
      mediaID: mediaId(source, item),
      deploymentID: item.deployment.id,
      timestamp: zonedTime(takenAt, camera?.offset ?? utcOffset),
      filePath: portablePath(name),
      filePublic: 'false',
      fileName: basename(name),
      fileMediatype: mediaTypeOf(name),
      exifData: camera ? JSON.stringify(camera) : '',
      mediaComments: [
        ...(isShifted ? [`The camera's clock said ${camera?.takenAt}.`] : []),
        ...(duplicateOf === null ? [] : [`Same content as ${portablePath(duplicateOf)}.`]),
      ].join(' '),
    });
  }
}

async function* observations(source: ExportSource, options: FormatOptions): AsyncGenerator<string> {
  yield csvLine(observationColumns);
  const taxa = createTaxa(options.package?.['taxonomic']);
  for await (const item of timedItems(source)) {
    const placed = source.task?.placed ? placedOf(item, source, options.threshold) : null;
    const offset = item.camera?.offset ?? options.utcOffset;
    const { event, takenAt } = item;
    const common = {
      deploymentID: item.deployment.id,
      mediaID: mediaId(source, item),
      eventID: event?.id ?? '',
      eventStart: zonedTime(event ? clock(event.startMs) : takenAt, offset),
      eventEnd: zonedTime(event ? clock(event.endMs) : takenAt, offset),
      observationLevel: 'media',
    };
    for (const [at, observation] of observationsOf(item, { source, placed, taxa }).entries())
      yield line(observationColumns, {
        ...common,
        ...observation,
        observationID: `${common.mediaID}:${at + 1}`,
      });
  }
}

type TimedItem = ExportItem & { readonly takenAt: string };
async function* timedItems(source: ExportSource): AsyncGenerator<TimedItem> {
  for await (const item of source.items()) {
    const { takenAt } = item;
    if (!item.fault && takenAt !== null) yield { ...item, takenAt };
  }
}

const mediaId = ({ id }: ExportSource, { seq }: ExportItem): string => `${id}:${seq}`;
const clock = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

const line = (columns: readonly string[], row: Readonly<Record<string, string | number>>): string =>
  csvLine(columns.map((column) => row[column] ?? ''));

/**
 * The schema lets no path begin with a point, `/` or `~`, and none have two points in a row or a line's end: those are percent-encoded. So is
 * what could begin a formula.
 */
function portablePath(name: string): string {
  const encode = (text: string): string =>
    [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  return name
    .replaceAll('%', '%25')
    .replaceAll('..', encode)
    .replaceAll(/[\p{Cc};]/gu, encode)
    .replace(/^[./~]/u, encode)
    .replace(formulaStart, encode);
}

const mediaTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  bmp: 'image/bmp',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  avif: 'image/avif',
};
const mediaTypeOf = (name: string): string =>
  mediaTypes[/\.([^./]+)$/u.exec(name)?.[1]?.toLowerCase() ?? ''] ?? 'image/jpeg';
