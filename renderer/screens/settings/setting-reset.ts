import { settingDefaults } from '../../../contract/default-settings.ts';
import type { Settings } from '../../../contract/settings.ts';
import { changeSettings } from '../../actions/ask-main.ts';

/** Puts the default of a setting back; undefined where it stands already. */
export function resetOf(settings: Settings, name: keyof Settings): (() => void) | undefined {
  if (settings[name] === settingDefaults[name]) return undefined;
  return () => void changeSettings({ [name]: settingDefaults[name] });
}
