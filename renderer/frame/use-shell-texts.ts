import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { sendShellTexts } from '../actions/shell-texts.ts';

/** Keeps the language of the menu bar and of notifications the same as the page's. */
export function useShellTexts(): void {
  const { t, i18n } = useTranslation();
  useEffect(() => sendShellTexts(t, i18n.language), [t, i18n.language]);
}
