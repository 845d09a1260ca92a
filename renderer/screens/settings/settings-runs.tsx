import { Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../contract/settings.ts';
import { changeSettings } from '../../actions/ask-main.ts';
import { useNumbers } from '../../parts/numbers.tsx';
import { SettingNumber } from './setting-number.tsx';
import { resetOf } from './setting-reset.ts';
import { SettingRow } from './setting-row.tsx';

const days = [30, 90, 365];
const percents = [10, 20, 30, 50];

/** How long runs are stored, and whether interrupted ones go on by themselves. */
export function SettingsRuns({ settings }: { readonly settings: Settings }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  return (
    <>
      <SettingNumber
        settings={settings}
        name="keepRunsDays"
        title={t('settings.keepRuns')}
        hint={t('settings.keepRunsHint')}
        choices={days}
        format={(value) => t('settings.keepRunsDays', { n: numbers.count(value) })}
        none={t('settings.keepRunsAll')}
      />
      <SettingRow
        title={t('settings.resumeRuns')}
        onReset={resetOf(settings, 'resumeRuns')}
        hint={t('settings.resumeRunsHint')}
      >
        <Switch
          aria-label={t('settings.resumeRuns')}
          checked={settings.resumeRuns}
          onChange={(event) => void changeSettings({ resumeRuns: event.currentTarget.checked })}
        />
      </SettingRow>
      <SettingRow
        title={t('settings.keepAwake')}
        onReset={resetOf(settings, 'keepAwake')}
        hint={t('settings.keepAwakeHint')}
      >
        <Switch
          aria-label={t('settings.keepAwake')}
          checked={settings.keepAwake}
          onChange={(event) => void changeSettings({ keepAwake: event.currentTarget.checked })}
        />
      </SettingRow>
      <SettingNumber
        settings={settings}
        name="pauseBelowPercent"
        title={t('settings.pauseBelow')}
        hint={t('settings.pauseBelowHint')}
        choices={percents}
        format={(value) => t('settings.pauseBelowPercent', { percent: numbers.share(value / 100) })}
        none={t('settings.pauseNever')}
      />
    </>
  );
}
