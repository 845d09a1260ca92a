import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../contract/settings.ts';
import { changeSettings } from '../../actions/ask-main.ts';
import { useNumbers } from '../../parts/numbers.tsx';
import { SettingRow } from './setting-row.tsx';
import { resetOf } from './setting-reset.ts';

type Numbered = 'trialItems' | 'canaryShare' | 'canaryItems' | 'keepVersions';
const choices: Readonly<Record<Numbered, readonly number[]>> = {
  trialItems: [0, 50, 100, 200, 500, 1000, 5000],
  canaryShare: [0.05, 0.1, 0.25, 0.5, 1],
  canaryItems: [0, 20, 50, 100, 500],
  keepVersions: [2, 3, 5, 10, 20],
};

/** How much a new version must show before it answers alone, and how many old ones stay. */
export function SettingsTrials({ settings }: { readonly settings: Settings }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const row = (name: Numbered) => {
    const now = settings[name];
    const known = choices[name];
    const all = known.includes(now) ? known : [...known, now].sort((a, b) => a - b);
    const format = name === 'canaryShare' ? numbers.share : numbers.count;
    return (
      <SettingRow
        title={t(`trials.${name}`)}
        onReset={resetOf(settings, name)}
        hint={t(`trials.${name}Hint`)}
      >
        <Select
          aria-label={t(`trials.${name}`)}
          w={136}
          value={String(now)}
          data={all.map((value) => ({ value: String(value), label: format(value) }))}
          onChange={(value) => void changeSettings({ [name]: Number(value ?? now) })}
        />
      </SettingRow>
    );
  };
  return (
    <>
      {row('trialItems')}
      {row('canaryShare')}
      {row('canaryItems')}
      {row('keepVersions')}
    </>
  );
}
