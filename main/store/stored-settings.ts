import { defaultSettings, Settings } from '../../contract/settings.ts';
import type { SettingsPatch } from '../../contract/settings.ts';

/** Settings as they are stored: JSON texts by key, not yet parsed. */
export type StoredSettings = Readonly<Record<string, string>>;

/** Parses stored settings; a missing or invalid one gets its default. */
export function parseSettings(stored: StoredSettings): Settings {
  const parsed = Object.entries(Settings.shape).flatMap(([key, schema]) => {
    const text = stored[key];
    const result = text === undefined ? null : schema.safeParse(parseJson(text));
    return result?.success ? [[key, result.data] as const] : [];
  });
  return Settings.parse({ ...defaultSettings, ...Object.fromEntries(parsed) });
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
