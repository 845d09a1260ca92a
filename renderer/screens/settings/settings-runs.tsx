import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../contract/settings.ts';
import { useNumbers } from '../../parts/numbers.tsx';
import { SettingNumber } from './setting-number.tsx';
import { SettingSwitch } from './setting-switch.tsx';

const days = [30, 90, 365];
const slowPercents = [10, 20, 30, 50];
const pausePercents = [5, 10, 20, 30];

/** How long runs are stored, and whether interrupted ones go on by themselves. */
export function SettingsRuns({ settings }: { readonly settings: Settings }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const below = (value: number): string =>
    t('settings.pauseBelowPercent', { percent: numbers.share(value / 100) });
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
      <SettingSwitch
        settings={settings}
        name="resumeRuns"
        title={t('settings.resumeRuns')}
        hint={t('settings.resumeRunsHint')}
      />
      <SettingSwitch
        settings={settings}
        name="keepAwake"
        title={t('settings.keepAwake')}
        hint={t('settings.keepAwakeHint')}
      />
      <SettingNumber
        settings={settings}
        name="slowBelowPercent"
        title={t('settings.slowBelow')}
        hint={t('settings.slowBelowHint')}
        choices={slowPercents}
        format={below}
        none={t('settings.pauseNever')}
      />
      <SettingNumber
        settings={settings}
        name="pauseBelowPercent"
        title={t('settings.pauseBelow')}
        hint={t('settings.pauseBelowHint')}
        choices={pausePercents}
        format={below}
        none={t('settings.pauseNever')}
      />
      <SettingSwitch
        settings={settings}
        name="slowWhenHot"
        title={t('settings.slowWhenHot')}
        hint={t('settings.slowWhenHotHint')}
      />
    </>
  );
}
