import { IconMapPin } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { shiftClock } from '../../../contract/pictures/camera.ts';
import type { Camera } from '../../../contract/pictures/camera.ts';
import { Button } from '../../parts/button.tsx';
import { Facts } from '../../parts/facts.tsx';
import { useNumbers } from '../../parts/numbers.tsx';

/** What a person said of the folder that a photo of a run lies in. */
export type Setting = {
  readonly site: string | null;
  /** Seconds that are added to what the camera's clock says, and the same as a text. */
  readonly shiftS: number;
  readonly shift: string | null;
  readonly change: () => void;
};
type CameraFactsProps = { readonly camera: Camera | undefined; readonly setting?: Setting | undefined };

/** What the photo says of the camera that took it: its time is that of the camera's own clock, unless a person set it right. */
export function CameraFacts({ camera = {}, setting }: CameraFactsProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { takenAt, offset, make, model, serial, orientation, latitude, longitude, temperatureC } = camera;
  const clockText = takenAt && `${takenAt.replace('T', ' ')}${offset ? ` ${offset}` : ''}`;
  const isMoved = takenAt !== undefined && setting !== undefined && setting.shiftS !== 0;
  const facts = [
    {
      name: t('camera.takenAt'),
      value: isMoved ? shiftClock(takenAt, setting.shiftS).replace('T', ' ') : clockText,
    },
    {
      name: t('camera.clock'),
      value: isMoved ? t('camera.clockMoved', { clock: clockText, shift: setting.shift }) : '',
    },
    { name: t('run.site'), value: setting?.site ?? '' },
    { name: t('camera.model'), value: [make, model].filter(Boolean).join(' ') },
    { name: t('camera.serial'), value: serial, mono: true },
    {
      name: t('camera.place'),
      value: latitude === undefined || longitude === undefined ? '' : `${latitude}, ${longitude}`,
      mono: true,
    },
    {
      name: t('camera.temperature'),
      value: temperatureC === undefined ? '' : `${numbers.count(Math.round(temperatureC))} °C`,
    },
    {
      name: t('camera.orientation'),
      value: orientation === undefined || orientation === 1 ? '' : t('camera.turned'),
    },
  ].filter(({ value }) => value);
  if (facts.length === 0) return null;
  return (
    <section className="section camera" aria-label={t('camera.title')}>
      <h2 className="heading">{t('camera.title')}</h2>
      <Facts facts={facts} />
      {setting ? (
        <Button
          tone="quiet"
          size="small"
          icon={<IconMapPin size={16} stroke={1.5} aria-hidden="true" />}
          onClick={setting.change}
        >
          {t('places.open')}
        </Button>
      ) : null}
    </section>
  );
}
