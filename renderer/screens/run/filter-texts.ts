import { useTranslation } from 'react-i18next';
import type { RunFacets } from '../../../contract/runs/run-folders.ts';
import { useRunFacets } from '../../state/run-queries.ts';

type CameraFacet = RunFacets['cameras'][number];

/** Make and model, and the serial number that tells cameras of one model apart. */
export const cameraText = ({ camera, make, model, serial }: CameraFacet): string =>
  [[make, model].filter(Boolean).join(' '), serial].filter(Boolean).join(', ') || camera;

/** The name of a camera by what a filter asks for. */
export function useCameraName(run: string): (camera: string) => string {
  const cameras = useRunFacets(run).data?.cameras ?? [];
  return (asked) => {
    const facet = cameras.find(({ camera }) => camera === asked);
    return facet ? cameraText(facet) : asked;
  };
}

/** Days from and to as a person reads them. Camera clocks know no zone, so none is applied. */
export function usePeriodText(): (from: string | null, to: string | null) => string {
  const { t, i18n } = useTranslation();
  const days = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeZone: 'UTC' });
  return (from, to) => {
    if (from !== null && to !== null) return days.formatRange(new Date(from), new Date(to));
    if (from !== null) return t('run.takenFrom', { day: days.format(new Date(from)) });
    return to === null ? '' : t('run.takenUntil', { day: days.format(new Date(to)) });
  };
}
