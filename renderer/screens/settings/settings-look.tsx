import { SegmentedControl, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { languages, themes } from '../../state/choices.ts';
import type { Settings } from '../../../contract/settings.ts';
import { changeSettings } from '../../actions/ask-main.ts';
import { SettingRow } from './setting-row.tsx';
import { resetOf } from './setting-reset.ts';

const names: Readonly<Record<Settings['language'], string>> = { en: 'English', de: 'Deutsch' };

export function SettingsLook({ settings }: { readonly settings: Settings }) {
  const { t } = useTranslation();
  const theme = (value: string): void =>
    void changeSettings({ theme: themes.find((one) => one === value) ?? 'system' });
  const language = (value: string | null): void =>
    void changeSettings({ language: languages.find((one) => one === value) ?? 'en' });
  return (
    <>
      <SettingRow
        title={t('settings.theme')}
        onReset={resetOf(settings, 'theme')}
        hint={t('settings.themeHint')}
      >
        <SegmentedControl
          aria-label={t('settings.theme')}
          value={settings.theme}
          onChange={theme}
          data={themes.map((one) => ({ value: one, label: t(`theme.${one}`) }))}
        />
      </SettingRow>
      <SettingRow
        title={t('settings.language')}
        onReset={resetOf(settings, 'language')}
        hint={t('settings.languageHint')}
      >
        <Select
          aria-label={t('settings.language')}
          w={136}
          value={settings.language}
          onChange={language}
          data={languages.map((one) => ({ value: one, label: names[one] }))}
        />
      </SettingRow>
    </>
  );
}
