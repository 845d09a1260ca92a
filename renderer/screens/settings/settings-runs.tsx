import { Select, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../contract/settings.ts';
import { changeSettings } from '../../actions/ask-main.ts';
import { useNumbers } from '../../parts/numbers.tsx';
import { resetOf } from './setting-reset.ts';
import { SettingRow } from './setting-row.tsx';

const days = [30, 90, 365];
const forever = 'null';

/** How long runs are stored, and whether interrupted ones go on by themselves. */
export function SettingsRuns({ settings }: { readonly settings: Settings }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const now = settings.keepRunsDays;
  const known = now === null || days.includes(now) ? days : [...days, now].sort((a, b) => a - b);
  return (
    <>
      <SettingRow
        title={t('settings.keepRuns')}
        onReset={resetOf(settings, 'keepRunsDays')}
        hint={t('settings.keepRunsHint')}
      >
        <Select
          aria-label={t('settings.keepRuns')}
          w={136}
          value={String(now)}
          data={[
            { value: forever, label: t('settings.keepRunsAll') },
            ...known.map((count) => ({
              value: String(count),
              label: t('settings.keepRunsDays', { n: numbers.count(count) }),
            })),
          ]}
          onChange={(value) =>
            void changeSettings({ keepRunsDays: value === null || value === forever ? null : Number(value) })
          }
        />
      </SettingRow>
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
    </>
  );
}
