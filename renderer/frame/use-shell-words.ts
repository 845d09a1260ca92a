import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { sendShellWords } from '../actions/shell-words.ts';

/** Menu bar and notifications speak as the page does, from the moment that it does. */
export function useShellWords(): void {
  const { t, i18n } = useTranslation();
  useEffect(() => sendShellWords(t, i18n.language), [t, i18n.language]);
}
