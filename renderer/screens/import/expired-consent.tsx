import { Checkbox } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { FeedDates } from '../../../contract/lifecycle/update.ts';
import { useNumbers } from '../../parts/numbers.tsx';

type ExpiredConsentProps = {
  readonly dates: FeedDates;
  readonly consents: boolean;
  readonly onChange: (consents: boolean) => void;
};

/** An expired feed may be intentional, or a freeze attack (withheld updates): the user sees its dates and decides. */
export function ExpiredConsent({ dates, consents, onChange }: ExpiredConsentProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  return (
    <div className="expired">
      <p className="row">
        <IconAlertTriangle size={18} stroke={1.5} className="tone-warn" aria-hidden="true" />
        <span>
          {t('import.expired', {
            issued: numbers.date(dates.issuedAt),
            ended: numbers.date(dates.expiresAt),
          })}
        </span>
      </p>
      <Checkbox
        checked={consents}
        label={t('import.consent')}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </div>
  );
}
