import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { PageText } from './notices.ts';

/** Puts a text of the page into words, in the present language. */
export function usePageText(): (text: PageText) => string {
  const { t, i18n } = useTranslation();
  return (text) => writtenIn({ t, language: i18n.language }, text);
}

type Language = { readonly t: TFunction; readonly language: string };
function writtenIn(at: Language, { key, values = {} }: PageText): string {
  const written = Object.entries(values).map(([name, value]): [string, string | number] => [
    name,
    typeof value === 'function'
      ? value(at.language)
      : typeof value === 'object'
        ? writtenIn(at, value)
        : value,
  ]);
  return at.t(key, Object.fromEntries(written));
}
