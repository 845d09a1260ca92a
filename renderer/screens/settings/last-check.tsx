import { useMutation } from '@tanstack/react-query';
import { IconPlus, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { copyText } from '../../actions/ask-main.ts';
import { checkUpdates, choosePublisher } from '../../actions/updates.ts';
import { Button } from '../../parts/button.tsx';
import { FaultCard } from '../../parts/fault-card.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import { SettingRow } from './setting-row.tsx';
import { useUpdates } from '../../state/lifecycle.ts';
import { WithheldList } from '../import/index.ts';

/** When the feed was last asked, and what came of it. */
export function LastCheck({ hasFeed }: { readonly hasFeed: boolean }) {
  const { t } = useTranslation();
  const state = useUpdates().data;
  const check = useMutation({ mutationFn: checkUpdates });
  const isBusy = check.isPending || state?.kind === 'checking';
  const fault = state?.fault ?? null;
  return (
    <>
      <SettingRow title={t('updates.lastCheck')} hint={useHint()}>
        <Button
          disabled={isBusy || !hasFeed}
          icon={<IconRefresh size={18} stroke={1.5} aria-hidden="true" />}
          onClick={() => check.mutate()}
        >
          {t(isBusy ? 'updates.checking' : 'updates.checkNow')}
        </Button>
      </SettingRow>
      {fault && !isBusy ? (
        <div className="setting-fault">
          <FaultCard
            title={t('updates.checkFailed')}
            fault={fault}
            actions={
              fault.code === 'feed-untrusted' ? (
                <Button
                  size="small"
                  icon={<IconPlus size={16} stroke={1.5} aria-hidden="true" />}
                  onClick={() => void choosePublisher()}
                >
                  {t('updates.addPublisher')}
                </Button>
              ) : null
            }
            onCopy={(text) => void copyText(text)}
          />
        </div>
      ) : null}
      <div className="settings-withheld">
        {state?.lastCheck ? <WithheldList report={state.lastCheck} /> : null}
      </div>
    </>
  );
}

function useHint(): string {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const state = useUpdates().data;
  if (!state?.checkedAt) return t('updates.never');
  const at = numbers.day(state.checkedAt);
  const report = state.lastCheck;
  if (!report) return at;
  const offers = t('updates.offers', { count: report.offers.length, n: numbers.count(report.offers.length) });
  return `${t('updates.checked', { at, publisher: report.publisher, offers })} ${t('import.validUntil', {
    at: numbers.date(report.dates.expiresAt),
  })}`;
}
