import { clockTime } from '../../../../contract/pictures/camera.ts';
import { uncertaintyM } from '../../outline/index.ts';
import type { Deployment } from '../../outline/index.ts';
import { zonedTime } from './clock.ts';

export const deploymentColumns = [
  'deploymentID',
  'locationID',
  'locationName',
  'latitude',
  'longitude',
  'coordinateUncertainty',
  'deploymentStart',
  'deploymentEnd',
  'setupBy',
  'cameraID',
  'cameraModel',
  'cameraDelay',
  'cameraHeight',
  'cameraDepth',
  'cameraTilt',
  'cameraHeading',
  'detectionDistance',
  'timestampIssues',
  'baitUse',
  'featureType',
  'habitat',
  'deploymentGroups',
  'deploymentTags',
  'deploymentComments',
] as const;

type Row = Readonly<Partial<Record<(typeof deploymentColumns)[number], string | number>>>;

/** A camera at its site, from its first photo to its last: when it was put up and taken down nobody told. */
export function deploymentRow(
  { id, site, make, model, serial, firstMs, lastMs, offset, isShifted }: Deployment,
  utcOffset: string | undefined,
): Row {
  const zoned = (ms: number | null): string => zonedTime(clockTime(ms ?? 0), offset ?? utcOffset);
  const { place, leaves } = site;
  return {
    deploymentID: id,
    locationID: site.name,
    locationName: site.name,
    ...place,
    ...(typeof leaves === 'object' && { coordinateUncertainty: uncertaintyM(leaves.places) }),
    deploymentStart: zoned(firstMs),
    deploymentEnd: zoned(lastMs),
    ...(serial !== null && { cameraID: serial }),
    cameraModel: [make, model].filter((name) => name !== null).join('-'),
    deploymentComments: isShifted ? 'The clock of the camera was set right afterwards.' : '',
  };
}
