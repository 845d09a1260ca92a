import { Switch } from '@mantine/core';
import type { Settings } from '../../../contract/settings.ts';
import { changeSettings } from '../../actions/ask-main.ts';
import { resetOf } from './setting-reset.ts';
import { SettingRow } from './setting-row.tsx';

type SettingSwitchProps = {
  readonly settings: Settings;
  readonly name: 'resumeRuns' | 'keepAwake' | 'slowWhenHot';
  readonly title: string;
  readonly hint: string;
};

/** A setting that is on or off. */
export function SettingSwitch({ settings, name, title, hint }: SettingSwitchProps) {
  return (
    <SettingRow title={title} onReset={resetOf(settings, name)} hint={hint}>
      <Switch
        aria-label={title}
        checked={settings[name]}
        onChange={(event) => void changeSettings({ [name]: event.currentTarget.checked })}
      />
    </SettingRow>
  );
}
