import { defaultSettings, Settings } from '../../contract/settings.ts';
import type { SettingsPatch } from '../../contract/settings.ts';

/** Settings as they are stored: JSON texts by key, not yet parsed. */
export type StoredSettings = Readonly<Record<string, string>>;

/** Parses stored settings; a missing or invalid one gets its default. */
export function parseSettings(stored: StoredSettings): Settings {
  const keys = Object.keys(Settings.shape) as (keyof Settings)[];
  return Settings.parse(Object.fromEntries(keys.map((key) => [key, parseSetting(key, stored[key])])));
}

/** Parses one stored setting; a missing or invalid one gets its default. */
export function parseSetting<K extends keyof Settings>(key: K, text: string | undefined): Settings[K] {
  const result = text === undefined ? null : Settings.shape[key].safeParse(parseJson(text));
  return result?.success ? (result.data as Settings[K]) : defaultSettings[key];
}

/** Each value of a patch as its JSON text. */
export function settingTexts(patch: SettingsPatch): StoredSettings {
  const given = Object.entries(patch).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([key, value]) => [key, JSON.stringify(value)]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
