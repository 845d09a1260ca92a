import { useTranslation } from 'react-i18next';
import type { Camera } from '../../../../contract/camera.ts';
import { Facts } from '../../../parts/facts.tsx';
import { useNumbers } from '../../../parts/numbers.tsx';

/** What the photo says of the camera that took it: its time is that of the camera's own clock. */
export function CameraFacts({ camera }: { readonly camera: Camera }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { takenAt, offset, make, model, serial, orientation, latitude, longitude, temperatureC } = camera;
  const facts = [
    {
      name: t('camera.takenAt'),
      value: takenAt && `${takenAt.replace('T', ' ')}${offset ? ` ${offset}` : ''}`,
    },
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
    </section>
  );
}
