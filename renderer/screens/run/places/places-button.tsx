import { IconMapPin } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { openPlaces } from '../../../actions/places.ts';
import { Button } from '../../../parts/button.tsx';

/** Opens the dialog that names sites and sets clocks right. */
export function PlacesButton({ run }: { readonly run: string }) {
  const { t } = useTranslation();
  return (
    <Button
      tone="quiet"
      icon={<IconMapPin size={18} stroke={1.5} aria-hidden="true" />}
      onClick={() => openPlaces(run)}
    >
      {t('places.open')}
    </Button>
  );
}
