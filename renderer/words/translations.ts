import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { faultTable } from '../../contract/faults/faults.ts';
import { reasonTable } from '../../contract/faults/reasons.ts';
import de from './de.json';
import en from './en.json';
import faultsDe from './faults-de.json';
import reasonsDe from './reasons-de.json';

/** Faults and reasons in English are those of the contract's tables, overridden by en.json where the window words them differently. */
const faultsEn = Object.fromEntries([
  ...Object.entries(faultTable).flatMap(([code, { message, hint }]) => [
    [`faults.${code}.message`, blanksOf(message)],
    [`faults.${code}.hint`, blanksOf(hint)],
  ]),
  ...Object.entries(reasonTable).map(([code, text]) => [`reasons.${code}`, blanksOf(text)]),
]) as Readonly<Record<string, string>>;

/** Every text of the window by language; of two with one key the later holds. */
export const translations: Readonly<Record<'en' | 'de', Readonly<Record<string, string>>>> = {
  en: { ...faultsEn, ...en },
  de: { ...faultsDe, ...reasonsDe, ...de },
};

/** Starts i18next. All translations are part of the bundle; nothing is loaded later. */
export async function startTranslation(): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources: { en: { translation: translations.en }, de: { translation: translations.de } },
    lng: 'en',
    fallbackLng: 'en',
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
  });
}

export async function speak(language: string): Promise<void> {
  document.documentElement.lang = language;
  if (i18next.language !== language) await i18next.changeLanguage(language);
}

/** `{name}` of the tables as i18next writes it. */
function blanksOf(text: string): string {
  return text.replace(/\{(\w+)\}/gu, '{{$1}}');
}
