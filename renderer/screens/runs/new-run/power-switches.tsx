import { Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { settingDefaults } from '../../../../contract/default-settings.ts';
import type { Settings } from '../../../../contract/settings.ts';
import { changeSettings } from '../../../actions/ask-main.ts';
import { useNumbers } from '../../../parts/numbers.tsx';
import { useSettings } from '../../../state/queries.ts';

type Levels = Pick<Settings, 'slowBelowPercent' | 'pauseBelowPercent'>;
const usual: Levels = {
  slowBelowPercent: settingDefaults.slowBelowPercent,
  pauseBelowPercent: settingDefaults.pauseBelowPercent,
};
const none: Levels = { slowBelowPercent: null, pauseBelowPercent: null };

/** How runs treat the computer: the settings, where a person thinks of them. */
export function PowerSwitches() {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const settings = useSettings().data;
  if (!settings) return null;
  const isSparing = settings.slowBelowPercent !== null || settings.pauseBelowPercent !== null;
  const { slowBelowPercent: slow, pauseBelowPercent: pause } = isSparing ? settings : usual;
  const word =
    slow === null ? 'newRun.pauseBelow' : pause === null ? 'newRun.slowBelow' : 'newRun.slowAndPauseBelow';
  const spareName = t(word, {
    slow: numbers.share((slow ?? 0) / 100),
    pause: numbers.share((pause ?? 0) / 100),
  });
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
        <span className="grow">{spareName}</span>
        <Switch
          aria-label={spareName}
          checked={isSparing}
          onChange={(event) => void changeSettings(event.currentTarget.checked ? usual : none)}
        />
      </label>
    </section>
  );
}
