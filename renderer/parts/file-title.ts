import { useTranslation } from 'react-i18next';
import type { SelectedFile } from '../../contract/calls/calls.ts';
import { useNumbers } from './numbers.tsx';

/** The display name of a file; a picture from the clipboard is named by its time. */
export function useFileTitle(): (file: Pick<SelectedFile, 'name' | 'pastedAt'>) => string {
  const { t } = useTranslation();
  const numbers = useNumbers();
  return ({ name, pastedAt }) =>
    pastedAt === undefined ? name : t('try.pastedPicture', { time: numbers.clock(pastedAt) });
}
