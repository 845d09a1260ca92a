import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { sendShellTexts } from '../actions/shell-texts.ts';

/** Menu bar and notifications speak as the page does, from the moment that it does. */
export function useShellTexts(): void {
  const { t, i18n } = useTranslation();
  useEffect(() => sendShellTexts(t, i18n.language), [t, i18n.language]);
}
