import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { clearTry } from '../actions/clear-try.ts';
import { Button } from '../parts/button.tsx';
import { useCell } from '../state/cell.ts';
import type { Place } from '../state/navigation.ts';
import { tryPage } from '../state/try-page.ts';
import { ModelChoice } from './model-choice.tsx';
import { ModelsHead } from '../screens/models/index.ts';
import { MonitorHead } from '../screens/monitor/index.ts';
import { RunsHead } from '../screens/runs/index.ts';
import { SettingsHead } from '../screens/settings/index.ts';

export function Head({ at }: { readonly at: Place }) {
  const { t } = useTranslation();
  const now = useCell(tryPage);
  return (
    <header className="head">
      <h1 className="heading">{t(`place.${at}`)}</h1>
      {at === 'try' && now.kind === 'run' ? (
        <span className="muted cut" title={now.title}>
          {now.title}
        </span>
      ) : null}
      {at === 'try' && now.kind !== 'empty' ? (
        <Button
          tone="quiet"
          className="end"
          title={t('try.clearHint')}
          icon={<IconX size={18} stroke={1.5} aria-hidden="true" />}
          onClick={clearTry}
        >
          {t('try.clear')}
        </Button>
      ) : null}
      {at === 'try' ? <ModelChoice /> : null}
      {at === 'runs' ? <RunsHead /> : null}
      {at === 'models' ? <ModelsHead /> : null}
      {at === 'settings' ? <SettingsHead /> : null}
      {at === 'monitor' ? <MonitorHead /> : null}
    </header>
  );
}
