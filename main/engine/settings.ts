import type { Settings, SettingsPatch } from '../../contract/settings.ts';
import type { Store } from '../store/index.ts';

export type EngineSettings = {
  /** As they hold now: what is stored, with the options of this process over it. */
  now(): Settings;
  set(patch: SettingsPatch): Promise<Settings>;
};

export async function openSettings(parts: {
  readonly store: Pick<Store, 'settings' | 'setSettings'>;
  readonly override: Partial<Settings> | undefined;
  readonly onSet: () => void;
}): Promise<EngineSettings> {
  const { store, override, onSet } = parts;
  let settings: Settings = { ...(await store.settings()), ...override };
  return {
    now: () => settings,
    set: async (patch) => {
      settings = { ...(await store.setSettings(patch)), ...override };
      onSet();
      return settings;
    },
  };
}
