import type { Settings } from '../../contract/settings.ts';

/**
 * The locale of Chromium for a language of the page: as the system writes it, where that knows it. English of nowhere in
 * particular has the day before the month, as most of the world.
 */
export const localeOf = (language: Settings['language'], ofSystem: readonly string[]): string =>
  ofSystem.find((tag) => tag.split(/[-_]/u)[0] === language) ?? (language === 'en' ? 'en-GB' : language);
