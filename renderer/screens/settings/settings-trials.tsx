import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../contract/settings.ts';
import { useNumbers } from '../../parts/numbers.tsx';
import { SettingNumber } from './setting-number.tsx';

const choices = {
  trialItems: [0, 50, 100, 200, 500, 1000, 5000],
  canaryShare: [0.05, 0.1, 0.25, 0.5, 1],
  canaryItems: [0, 20, 50, 100, 500],
  keepVersions: [2, 3, 5, 10, 20],
} as const;

/** How much a new version must show before it answers alone, and how many old ones stay. */
export function SettingsTrials({ settings }: { readonly settings: Settings }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const row = (name: keyof typeof choices) => (
    <SettingNumber
      settings={settings}
      name={name}
      title={t(`trials.${name}`)}
      hint={t(`trials.${name}Hint`)}
      choices={choices[name]}
      format={name === 'canaryShare' ? numbers.share : numbers.count}
    />
  );
  return (
    <>
      {row('trialItems')}
      {row('canaryShare')}
      {row('canaryItems')}
      {row('keepVersions')}
    </>
  );
}
