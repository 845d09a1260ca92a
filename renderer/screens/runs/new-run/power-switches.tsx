import { Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { changeSettings } from '../../../actions/ask-main.ts';
import { useNumbers } from '../../../parts/numbers.tsx';
import { useSettings } from '../../../state/queries.ts';

const usualPercent = 20;

/** How runs treat the computer: the settings, where a person thinks of them. */
export function PowerSwitches() {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const settings = useSettings().data;
  if (!settings) return null;
  const percent = settings.pauseBelowPercent ?? usualPercent;
  const pauseName = t('newRun.pauseBelow', { percent: numbers.share(percent / 100) });
  return (
    <section className="section power-switches">
      <label className="new-run-switch">
        <span className="grow">{t('settings.keepAwake')}</span>
        <Switch
          aria-label={t('settings.keepAwake')}
          checked={settings.keepAwake}
          onChange={(event) => void changeSettings({ keepAwake: event.currentTarget.checked })}
        />
      </label>
      <label className="new-run-switch">
        <span className="grow">{pauseName}</span>
        <Switch
          aria-label={pauseName}
          checked={settings.pauseBelowPercent !== null}
          onChange={(event) =>
            void changeSettings({ pauseBelowPercent: event.currentTarget.checked ? usualPercent : null })
          }
        />
      </label>
    </section>
  );
}
